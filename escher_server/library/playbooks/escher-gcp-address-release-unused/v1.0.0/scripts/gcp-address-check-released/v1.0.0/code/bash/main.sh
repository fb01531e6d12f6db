#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 while the region of the first argument has the address of the second. Reads only.
found=$(gcloud compute addresses list --filter="region:$1 name=$2" --format="value(name)")
if [[ -n "$found" ]]; then
  echo "$2 is still there" >&2
  exit 1
fi
echo "$2 is gone"
echo '{"status": "gone"}'
