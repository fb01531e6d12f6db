#!/usr/bin/env bash
set -euo pipefail
# Prints which size each of the given machines has. Reads only.
for id in "$@"; do
  size=$(az vm show --ids "$id" --query hardwareProfile.vmSize --output tsv)
  echo "$id has now $size"
done
echo '{"status": "read"}'
