#!/usr/bin/env bash
set -euo pipefail
# Waits until each given RDS snapshot is gone.
for id in "$@"; do
  aws rds wait db-snapshot-deleted --db-snapshot-identifier "$id"
  echo "$id gone"
done
echo '{"status": "gone"}'
