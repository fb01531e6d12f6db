#!/usr/bin/env bash
set -euo pipefail
# Gives the group $2 in $1 the rule $3: priority $4, protocol $5, source $6.
if [[ "$5" == "Tcp" && "$6" == "any" ]]; then
  az network nsg rule create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --nsg-name "$2" --name "$3" \
    --priority "$4" --protocol Tcp --source-address-prefixes '*' --source-port-ranges '*' \
    --destination-address-prefixes '*' --destination-port-ranges "$8" --access Allow --direction Inbound \
    --description "$7" --output none
elif [[ "$5" == "Tcp" ]]; then
  az network nsg rule create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --nsg-name "$2" --name "$3" \
    --priority "$4" --protocol Tcp --source-address-prefixes "$6" --source-port-ranges '*' \
    --destination-address-prefixes '*' --destination-port-ranges "$8" --access Allow --direction Inbound \
    --description "$7" --output none
elif [[ "$6" == "any" ]]; then
  az network nsg rule create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --nsg-name "$2" --name "$3" \
    --priority "$4" --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' \
    --destination-address-prefixes '*' --destination-port-ranges "$8" --access Allow --direction Inbound \
    --description "$7" --output none
else
  az network nsg rule create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --nsg-name "$2" --name "$3" \
    --priority "$4" --protocol '*' --source-address-prefixes "$6" --source-port-ranges '*' \
    --destination-address-prefixes '*' --destination-port-ranges "$8" --access Allow --direction Inbound \
    --description "$7" --output none
fi
echo "$2 -> rule $3 given back"
echo '{"status": "open"}'
