#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given accounts has the setting for HTTPS only other than $1. Reads only.
for id in "${@:2}"; do
  found=$(az storage account show --ids "$id" --query "enableHttpsTrafficOnly" --output tsv)
  if [[ "$found" != "$1" ]]; then
    echo "$id: the setting for HTTPS only is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "checked"}'
