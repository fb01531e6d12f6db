#!/usr/bin/env bash
set -euo pipefail
# Deletes each given RDS snapshot; AWS itself refuses one that it made.
for id in "$@"; do
  aws rds delete-db-snapshot --db-snapshot-identifier "$id" >/dev/null
  echo "$id available -> deleted"
done
echo '{"status": "deleted"}'
