#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given machines is not deallocated. Reads only.
for id in "$@"; do
  power=$(az vm get-instance-view --ids "$id" --output tsv \
    --query "instanceView.statuses[?starts_with(code, 'PowerState/')].code | [0]")
  if [[ "$power" != "PowerState/deallocated" ]]; then
    echo "$id is $power" >&2
    exit 1
  fi
  echo "$id is $power"
done
echo '{"status": "deallocated"}'
