#!/usr/bin/env bash
set -euo pipefail
# Waits until every given RDS instance is stopped, at most half an hour for one. AWS has no waiter for it.
for id in "$@"; do
  state=unknown
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    if [[ "$state" != "stopped" ]]; then
      if [[ "$attempt" != "1" ]]; then
        sleep 120
      fi
      state=$(aws rds describe-db-instances --db-instance-identifier "$id" \
        --query 'DBInstances[0].DBInstanceStatus' --output text)
    fi
  done
  if [[ "$state" != "stopped" ]]; then
    echo "$id is still $state after half an hour" >&2
    exit 1
  fi
  echo "$id stopped"
done
echo '{"status": "stopped"}'
