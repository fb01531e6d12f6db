#!/usr/bin/env bash
set -euo pipefail
# Starts the given instances, all at once, and waits until that is done.
gcloud compute instances start "$@" --quiet --no-user-output-enabled
for name in "$@"; do
  echo "$name started"
done
echo '{"status": "started"}'
