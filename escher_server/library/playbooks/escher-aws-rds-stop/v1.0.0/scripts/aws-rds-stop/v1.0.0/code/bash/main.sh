#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to stop each given RDS instance; the API takes one a call.
for id in "$@"; do
  aws rds stop-db-instance --db-instance-identifier "$id" >/dev/null
  echo "$id available -> stopping"
done
echo '{"status": "stopping"}'
