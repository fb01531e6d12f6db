#!/usr/bin/env bash
set -euo pipefail
# Waits until the snapshot of the plan $1 is complete for each given RDS instance, at most half an hour for one.
for id in "${@:2}"; do
  aws rds wait db-snapshot-available --db-snapshot-identifier "escher-$id-$1"
  echo "$id is kept as escher-$id-$1"
done
echo '{"status": "available"}'
