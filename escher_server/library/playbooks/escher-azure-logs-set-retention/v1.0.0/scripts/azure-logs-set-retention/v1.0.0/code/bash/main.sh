#!/usr/bin/env bash
set -euo pipefail
# Sets for how many days, $1, the given workspaces keep their logs.
for id in "${@:2}"; do
  az monitor log-analytics workspace update --retention-time "$1" --ids "$id" --output none
  echo "$id -> $1"
done
echo '{"status": "set"}'
