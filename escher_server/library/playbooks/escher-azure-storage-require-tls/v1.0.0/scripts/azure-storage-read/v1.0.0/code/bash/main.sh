#!/usr/bin/env bash
set -euo pipefail
# Prints which lowest TLS version each of the given accounts takes now. Reads only.
for id in "$@"; do
  found=$(az storage account show --ids "$id" --query minimumTlsVersion --output tsv)
  echo "$id takes now $found and newer"
done
echo '{"status": "read"}'
