#!/usr/bin/env bash
set -euo pipefail
# Takes the tag $2 with the value $3 off the resource $1; other tags stay.
az tag update --resource-id "$1" --operation Delete --tags "$2=$3" --output none
echo "$1 -> taken off $2"
echo '{"status": "untagged"}'
