#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 while the zone of the first argument has the disk of the second. Reads only.
found=$(gcloud compute disks list --filter="zone:$1 name=$2" --format="value(name)")
if [[ -n "$found" ]]; then
  echo "$2 is still there" >&2
  exit 1
fi
echo "$2 is gone"
echo '{"status": "gone"}'
