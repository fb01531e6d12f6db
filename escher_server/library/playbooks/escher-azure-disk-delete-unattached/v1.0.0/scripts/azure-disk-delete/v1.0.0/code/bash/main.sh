#!/usr/bin/env bash
set -euo pipefail
# Deletes the given disks for good. Azure refuses one that is attached.
az disk delete --ids "$@" --yes --output none
for id in "$@"; do
  echo "$id deleted"
done
echo '{"status": "deleted"}'
