#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when anything uses one of the given addresses. Reads only.
for id in "$@"; do
  found=$(az network public-ip show --ids "$id" --query "ipConfiguration.id || natGateway.id" --output tsv)
  if [[ -n "$found" ]]; then
    echo "$id: its user is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "unused"}'
