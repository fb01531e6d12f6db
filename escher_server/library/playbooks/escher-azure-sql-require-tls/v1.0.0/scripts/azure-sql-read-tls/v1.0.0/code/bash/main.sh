#!/usr/bin/env bash
set -euo pipefail
# Prints which lowest TLS version each of the given servers takes. Reads only.
for id in "$@"; do
  found=$(az sql server show --ids "$id" --query "minimalTlsVersion" --output tsv)
  echo "$id: the lowest TLS version is now $found"
done
echo '{"status": "read"}'
