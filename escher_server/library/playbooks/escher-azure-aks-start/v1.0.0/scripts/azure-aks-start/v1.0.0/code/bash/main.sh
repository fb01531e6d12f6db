#!/usr/bin/env bash
set -euo pipefail
# Starts the cluster $2 of the group $1 with all its nodes.
az aks start --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --name "$2" --output none
echo "$2 started"
echo '{"status": "started"}'
