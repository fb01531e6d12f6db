#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the snapshot of the first argument is ready. Reads only.
status=$(gcloud compute snapshots describe "$1" --format="value(status)")
if [[ "$status" != "READY" ]]; then
  echo "$1 is $status" >&2
  exit 1
fi
echo "$1 is $status"
echo '{"status": "ready"}'
