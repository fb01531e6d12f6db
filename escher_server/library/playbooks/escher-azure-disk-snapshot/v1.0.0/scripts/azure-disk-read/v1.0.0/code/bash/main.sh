#!/usr/bin/env bash
set -euo pipefail
# Prints the state of each given disk. Reads only.
for id in "$@"; do
  state=$(az disk show --ids "$id" --query diskState --output tsv)
  echo "$id is $state"
done
echo '{"status": "read"}'
