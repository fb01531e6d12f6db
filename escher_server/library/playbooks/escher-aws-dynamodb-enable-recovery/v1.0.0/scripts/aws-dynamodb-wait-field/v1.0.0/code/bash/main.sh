#!/usr/bin/env bash
set -euo pipefail
# Waits until the field $1 of each given table is $2, at most two minutes for one.
for id in "${@:3}"; do
  found=unknown
  for attempt in 1 2 3 4 5 6; do
    if [[ "$found" != "$2" ]]; then
      if [[ "$attempt" != "1" ]]; then
        sleep 20
      fi
      found=$(aws dynamodb describe-table --table-name "$id" --query "Table.$1" --output text)
    fi
  done
  if [[ "$found" != "$2" ]]; then
    echo "$1 of $id is $found, not $2" >&2
    exit 1
  fi
  echo "$1 of $id is $found"
done
echo '{"status": "as wanted"}'
