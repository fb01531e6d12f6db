#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given RDS instances is not available now. Reads only.
for id in "$@"; do
  state=$(aws rds describe-db-instances --db-instance-identifier "$id" \
    --query 'DBInstances[0].DBInstanceStatus' --output text)
  if [[ "$state" != "available" ]]; then
    echo "$id is $state, so AWS would not take a change now" >&2
    exit 1
  fi
  echo "$id is available"
done
echo '{"status": "available"}'
