#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when HTTPS only of any of the given apps is other than $1. Reads only.
for id in "${@:2}"; do
  found=$(az resource show --ids "$id" --query "properties.httpsOnly" --output tsv)
  if [[ "$found" != "$1" ]]; then
    echo "$id: HTTPS only is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "checked"}'
