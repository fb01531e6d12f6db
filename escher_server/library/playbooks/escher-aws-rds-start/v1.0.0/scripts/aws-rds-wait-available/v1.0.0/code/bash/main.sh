#!/usr/bin/env bash
set -euo pipefail
# Waits until every given RDS instance is available, at most half an hour for one.
for id in "$@"; do
  aws rds wait db-instance-available --db-instance-identifier "$id"
  echo "$id available"
done
echo '{"status": "available"}'
