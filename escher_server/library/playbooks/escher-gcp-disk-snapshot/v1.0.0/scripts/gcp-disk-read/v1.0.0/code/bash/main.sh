#!/usr/bin/env bash
set -euo pipefail
# Prints the size of each given disk; ends with 1 when one is not there. Reads only.
for disk in "$@"; do
  size=$(gcloud compute disks describe "$disk" --format="value(sizeGb)")
  echo "$disk has $size GiB"
done
echo '{"status": "read"}'
