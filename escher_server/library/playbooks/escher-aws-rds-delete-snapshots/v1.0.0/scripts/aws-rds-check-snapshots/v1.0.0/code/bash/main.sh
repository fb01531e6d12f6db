#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given RDS snapshots was not made by hand or is not complete. Reads only.
for id in "$@"; do
  fitting=$(aws rds describe-db-snapshots --db-snapshot-identifier "$id" \
    --query "length(DBSnapshots[?Status=='available' && SnapshotType=='manual'])" --output json)
  if [[ "$fitting" != "1" ]]; then
    echo "$id was not made by hand, or is not complete" >&2
    exit 1
  fi
  echo "$id was made by hand and is complete"
done
echo '{"status": "manual"}'
