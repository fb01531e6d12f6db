#!/usr/bin/env bash
set -euo pipefail
# Sets the tag $2 of the resource $1 to $3; other tags stay.
az tag update --resource-id "$1" --operation Merge --tags "$2=$3" --output none
echo "$1 -> set $2"
echo '{"status": "tagged"}'
