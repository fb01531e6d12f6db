#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when a group has another target size than the first argument says. Reads only.
for group in "${@:2}"; do
  size=$(gcloud compute instance-groups managed describe "$group" --format="value(targetSize)")
  if [[ "$size" != "$1" ]]; then
    echo "$group has $size instances, not $1" >&2
    exit 1
  fi
  echo "$group has $size instances"
done
echo '{"status": "checked"}'
