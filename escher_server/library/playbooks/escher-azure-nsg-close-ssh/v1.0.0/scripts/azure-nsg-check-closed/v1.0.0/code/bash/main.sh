#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 while the group $1 still has the rule $2. Reads only.
# That the group can be read tells that the next error is no lack of rights.
az network nsg show --ids "$1" --output none
if az network nsg rule show --ids "$2" --output none 2>/dev/null; then
  echo "$2 is still there" >&2
  exit 1
fi
echo "$2 is gone"
echo '{"status": "closed"}'
