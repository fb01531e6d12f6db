#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the scale set $3 of the group $2 has $1 machines. Reads only.
count=$(az vmss show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$2" --name "$3" \
  --query sku.capacity --output tsv)
if [[ "$count" != "$1" ]]; then
  echo "$3 has $count machines" >&2
  exit 1
fi
echo "$3 has $count machines"
echo '{"status": "scaled"}'
