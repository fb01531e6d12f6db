#!/usr/bin/env bash
set -euo pipefail
# Stops the given machines and gives their hardware back; waits until that is done.
az vm deallocate --ids "$@" --output none
for id in "$@"; do
  echo "$id deallocated"
done
echo '{"status": "deallocated"}'
