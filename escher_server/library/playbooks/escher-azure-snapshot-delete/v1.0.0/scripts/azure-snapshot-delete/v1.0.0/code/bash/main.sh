#!/usr/bin/env bash
set -euo pipefail
# Deletes the given snapshots for good.
az snapshot delete --ids "$@" --output none
for id in "$@"; do
  echo "$id deleted"
done
echo '{"status": "deleted"}'
