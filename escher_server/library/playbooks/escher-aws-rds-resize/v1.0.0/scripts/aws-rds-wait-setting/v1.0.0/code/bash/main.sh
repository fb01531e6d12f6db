#!/usr/bin/env bash
set -euo pipefail
# Waits until the setting $1 of each given RDS instance is $2, at most half an hour for one.
for id in "${@:3}"; do
  found=unknown
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    if [[ "$found" != "$2" ]]; then
      if [[ "$attempt" != "1" ]]; then
        sleep 120
      fi
      found=$(aws rds describe-db-instances --db-instance-identifier "$id" \
        --query "DBInstances[0].$1" --output text)
    fi
  done
  if [[ "$found" != "$2" ]]; then
    echo "$1 of $id is $found, not $2" >&2
    exit 1
  fi
  echo "$1 of $id is $found"
done
echo '{"status": "as wanted"}'
