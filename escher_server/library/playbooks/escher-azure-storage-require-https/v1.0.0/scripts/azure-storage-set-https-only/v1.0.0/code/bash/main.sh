#!/usr/bin/env bash
set -euo pipefail
# Makes the given accounts refuse plain HTTP (true) or take it (false), as $1 says.
az storage account update --ids "${@:2}" --https-only "$1" --output none
for id in "${@:2}"; do
  echo "$id -> $1"
done
echo '{"status": "set"}'
