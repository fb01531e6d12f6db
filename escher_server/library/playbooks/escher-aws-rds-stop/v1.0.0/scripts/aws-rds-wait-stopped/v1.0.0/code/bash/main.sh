#!/usr/bin/env bash
set -euo pipefail
# Waits until every given RDS instance is stopped, at most half an hour for one. AWS has no waiter for this state.
for id in "$@"; do
  state=unknown
  for minute in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    if [[ "$state" != "stopped" ]]; then
      if [[ "$minute" != "1" ]]; then
        sleep 60
      fi
      state=$(aws rds describe-db-instances --db-instance-identifier "$id" --query 'DBInstances[0].DBInstanceStatus' --output text)
    fi
  done
  if [[ "$state" != "stopped" ]]; then
    echo "$id is still $state after half an hour" >&2
    exit 1
  fi
  echo "$id stopped"
done
echo '{"status": "stopped"}'
