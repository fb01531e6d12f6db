#!/usr/bin/env bash
set -euo pipefail
# Prints how many machines the scale set $2 of the group $1 has. Reads only.
count=$(az vmss show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" \
  --query sku.capacity --output tsv)
echo "$2 has now $count machines"
echo '{"status": "read"}'
