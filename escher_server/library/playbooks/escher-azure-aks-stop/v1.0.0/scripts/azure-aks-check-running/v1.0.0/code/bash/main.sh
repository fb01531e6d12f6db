#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the cluster $2 of the group $1 runs. Reads only.
found=$(az aks show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" \
  --query "powerState.code" --output tsv)
if [[ "$found" != "Running" ]]; then
  echo "$2: the power state is $found" >&2
  exit 1
fi
echo "$2: as expected"
echo '{"status": "running"}'
