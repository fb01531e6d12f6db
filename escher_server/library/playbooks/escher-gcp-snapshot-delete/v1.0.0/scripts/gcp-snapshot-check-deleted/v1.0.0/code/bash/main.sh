#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 while one of the given snapshots is still there. Reads only.
for name in "$@"; do
  found=$(gcloud compute snapshots list --filter="name=$name" --format="value(name)")
  if [[ -n "$found" ]]; then
    echo "$name is still there" >&2
    exit 1
  fi
  echo "$name is gone"
done
echo '{"status": "gone"}'
