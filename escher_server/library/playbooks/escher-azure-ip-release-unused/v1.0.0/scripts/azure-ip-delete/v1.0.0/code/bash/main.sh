#!/usr/bin/env bash
set -euo pipefail
# Gives the given addresses back to Azure. It refuses one that is in use.
az network public-ip delete --ids "$@" --output none
for id in "$@"; do
  echo "$id deleted"
done
echo '{"status": "deleted"}'
