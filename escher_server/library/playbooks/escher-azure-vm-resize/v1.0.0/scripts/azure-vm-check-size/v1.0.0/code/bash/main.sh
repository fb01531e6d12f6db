#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given machines does not have the size $1. Reads only.
for id in "${@:2}"; do
  found=$(az vm show --ids "$id" --query "hardwareProfile.vmSize" --output tsv)
  if [[ "$found" != "$1" ]]; then
    echo "$id: the size is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "resized"}'
