#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless purge protection of the vault $2 in the group $1 is on. Reads only.
found=$(az keyvault show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" \
  --query "properties.enablePurgeProtection" --output tsv)
if [[ "$found" != "true" ]]; then
  echo "$2: purge protection is $found" >&2
  exit 1
fi
echo "$2: as expected"
echo '{"status": "protected"}'
