#!/usr/bin/env bash
set -euo pipefail
# Turns purge protection of the vault $2 in the group $1 on, for good.
az keyvault update --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" --enable-purge-protection true --output none
echo "$2 -> purge protection on"
echo '{"status": "protected"}'
