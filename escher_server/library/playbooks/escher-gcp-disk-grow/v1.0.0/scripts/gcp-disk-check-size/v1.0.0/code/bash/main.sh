#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the disk of the second argument has the size of the first, in GiB. Reads only.
size=$(gcloud compute disks describe "$2" --format="value(sizeGb)")
if [[ "$size" != "$1" ]]; then
  echo "$2 has $size GiB, not $1" >&2
  exit 1
fi
echo "$2 has $size GiB"
echo '{"status": "checked"}'
