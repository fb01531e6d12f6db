#!/usr/bin/env bash
set -euo pipefail
# Allows (true) or forbids (false), as $1 says, that containers of the given accounts are open to anybody.
az storage account update --ids "${@:2}" --allow-blob-public-access "$1" --output none
for id in "${@:2}"; do
  echo "$id -> $1"
done
echo '{"status": "set"}'
