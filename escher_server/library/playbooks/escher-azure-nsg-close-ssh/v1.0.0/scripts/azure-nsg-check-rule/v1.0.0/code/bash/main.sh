#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the rule $2 still allows incoming traffic at exactly the port $1. Reads only.
found=$(az network nsg rule show --ids "$2" --query "join(' ', [access, direction, destinationPortRange])" --output tsv)
if [[ "$found" != "Allow Inbound $1" ]]; then
  echo "$2 is now: $found" >&2
  exit 1
fi
echo "$2 is open at $1"
echo '{"status": "open"}'
