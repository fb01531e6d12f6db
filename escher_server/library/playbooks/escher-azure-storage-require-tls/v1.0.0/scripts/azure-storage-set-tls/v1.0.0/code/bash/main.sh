#!/usr/bin/env bash
set -euo pipefail
# Sets the lowest TLS version that the given accounts take to $1.
az storage account update --ids "${@:2}" --min-tls-version "$1" --output none
for id in "${@:2}"; do
  echo "$id -> $1"
done
echo '{"status": "set"}'
