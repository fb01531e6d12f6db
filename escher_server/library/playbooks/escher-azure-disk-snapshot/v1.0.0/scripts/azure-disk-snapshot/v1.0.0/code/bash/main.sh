#!/usr/bin/env bash
set -euo pipefail
# Takes a snapshot $4 of the disk $1 in the group $2 at $3; $5 is the plan.
az snapshot create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$2" --location "$3" --name "$4" \
  --source "$1" --incremental true --tags "escher-plan=$5" --output none
echo "$1 -> $4"
echo '{"status": "taken"}'
