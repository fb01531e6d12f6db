#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given RDS instances is not stopped. Reads only.
for id in "$@"; do
  state=$(aws rds describe-db-instances --db-instance-identifier "$id" \
    --query 'DBInstances[0].DBInstanceStatus' --output text)
  if [[ "$state" != "stopped" ]]; then
    echo "$id is $state, not stopped" >&2
    exit 1
  fi
  echo "$id can be started"
done
echo '{"status": "stopped"}'
