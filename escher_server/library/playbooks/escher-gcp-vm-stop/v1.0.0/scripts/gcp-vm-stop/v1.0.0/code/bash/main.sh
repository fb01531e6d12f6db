#!/usr/bin/env bash
set -euo pipefail
# Stops the given instances, all at once, and waits until that is done.
gcloud compute instances stop "$@" --quiet --no-user-output-enabled
for name in "$@"; do
  echo "$name stopped"
done
echo '{"status": "stopped"}'
