#!/usr/bin/env bash
set -euo pipefail
# Opens (true) the public endpoint of the given servers or closes it (false), as $1 says.
for id in "${@:2}"; do
  az sql server update --only-show-errors --enable-public-network "$1" --ids "$id" --output none
  echo "$id -> $1"
done
echo '{"status": "set"}'
