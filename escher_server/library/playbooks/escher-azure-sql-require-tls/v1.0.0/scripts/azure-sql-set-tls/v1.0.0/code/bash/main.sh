#!/usr/bin/env bash
set -euo pipefail
# Sets the lowest TLS version that the given servers take to $1.
for id in "${@:2}"; do
  az sql server update --minimal-tls-version "$1" --ids "$id" --output none
  echo "$id -> $1"
done
echo '{"status": "set"}'
