#!/usr/bin/env bash
set -euo pipefail
# Resets the given instances and waits until that is done.
gcloud compute instances reset "$@" --quiet --no-user-output-enabled
for name in "$@"; do
  echo "$name reset"
done
echo '{"status": "reset"}'
