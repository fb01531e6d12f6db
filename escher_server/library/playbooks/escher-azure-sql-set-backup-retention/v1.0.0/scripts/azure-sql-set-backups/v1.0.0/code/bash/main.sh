#!/usr/bin/env bash
set -euo pipefail
# Sets for how many days, $1, the given databases keep their backups.
for id in "${@:2}"; do
  az sql db str-policy set --ids "$id" --retention-days "$1" --output none
  echo "$id -> $1 days"
done
echo '{"status": "set"}'
