#!/usr/bin/env bash
set -euo pipefail
# Deletes the given snapshots, all at once, and waits until that is done.
gcloud compute snapshots delete "$@" --quiet --no-user-output-enabled
for name in "$@"; do
  echo "$name deleted"
done
echo '{"status": "deleted"}'
