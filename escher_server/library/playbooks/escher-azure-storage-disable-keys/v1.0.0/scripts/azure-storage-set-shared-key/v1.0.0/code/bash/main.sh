#!/usr/bin/env bash
set -euo pipefail
# Allows (true) or forbids (false), as $1 says, requests that are signed with the accounts' keys.
az storage account update --ids "${@:2}" --allow-shared-key-access "$1" --output none
for id in "${@:2}"; do
  echo "$id -> $1"
done
echo '{"status": "set"}'
