#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when purge protection of the vault $2 in the group $1 is on already. Reads only.
found=$(az keyvault show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" \
  --query properties.enablePurgeProtection --output tsv)
if [[ "$found" == "true" ]]; then
  echo "purge protection of $2 is on already" >&2
  exit 1
fi
echo "purge protection of $2 is off"
echo '{"status": "unprotected"}'
