#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the disk of the second argument has the label of the next two. Reads only.
found=$(gcloud compute disks list --filter="zone:$1 name=$2 labels.$3=$4" --format="value(name)")
if [[ "$found" != "$2" ]]; then
  echo "$2 has no label $3=$4" >&2
  exit 1
fi
echo "$2: $3=$4"
echo '{"status": "set"}'
