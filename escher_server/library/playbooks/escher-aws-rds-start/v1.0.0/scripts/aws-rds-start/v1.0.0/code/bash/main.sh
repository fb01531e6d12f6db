#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to start each given RDS instance; the API takes one a call.
for id in "$@"; do
  aws rds start-db-instance --db-instance-identifier "$id" >/dev/null
  echo "$id stopped -> starting"
done
echo '{"status": "starting"}'
