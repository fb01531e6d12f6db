#!/usr/bin/env bash
set -euo pipefail
# Stops the cluster $2 of the group $1 with all its nodes.
az aks stop --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" --output none
echo "$2 stopped"
echo '{"status": "stopped"}'
