#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the group $1 has a snapshot $2 that is ready; $3 is its disk. Reads only.
state=$(az snapshot show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" \
  --query provisioningState --output tsv)
if [[ "$state" != "Succeeded" ]]; then
  echo "the snapshot $2 is $state" >&2
  exit 1
fi
echo "$3 has its snapshot $2"
echo '{"status": "taken"}'
