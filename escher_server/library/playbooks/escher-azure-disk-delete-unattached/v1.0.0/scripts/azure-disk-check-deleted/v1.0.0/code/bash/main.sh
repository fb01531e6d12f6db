#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 while the disk $2 is still in the group $1. Reads only.
# That the group can be listed tells that the next error is no lack of rights.
az disk list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$1" --output none
if az disk show --ids "$2" --output none 2>/dev/null; then
  echo "$2 is still there" >&2
  exit 1
fi
echo "$2 is gone"
echo '{"status": "gone"}'
