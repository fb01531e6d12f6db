#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given servers has another lowest TLS version than $1. Reads only.
for id in "${@:2}"; do
  found=$(az sql server show --ids "$id" --query "minimalTlsVersion" --output tsv)
  if [[ "$found" != "$1" ]]; then
    echo "$id: the lowest TLS version is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "checked"}'
