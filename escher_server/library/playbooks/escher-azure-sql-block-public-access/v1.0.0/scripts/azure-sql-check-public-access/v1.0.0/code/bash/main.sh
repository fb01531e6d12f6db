#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when the public endpoint of any of the given servers is other than $1. Reads only.
for id in "${@:2}"; do
  found=$(az sql server show --ids "$id" --query "publicNetworkAccess" --output tsv)
  if [[ "$found" != "$1" ]]; then
    echo "$id: the public endpoint is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "checked"}'
