#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when a snapshot is not there or not ready. Reads only.
for name in "$@"; do
  status=$(gcloud compute snapshots describe "$name" --format="value(status)")
  if [[ "$status" != "READY" ]]; then
    echo "$name is $status" >&2
    exit 1
  fi
  echo "$name is $status"
done
echo '{"status": "ready"}'
