#!/usr/bin/env bash
set -euo pipefail
# Gives the scale set $3 of the group $2, whose machines have the size $4, $1 machines.
az vmss update --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$2" --name "$3" \
  --set "sku.capacity=$1" --output none
echo "$3 ($4) -> $1 machines"
echo '{"status": "scaled"}'
