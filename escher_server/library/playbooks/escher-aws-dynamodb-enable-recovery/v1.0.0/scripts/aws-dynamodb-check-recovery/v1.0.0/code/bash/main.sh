#!/usr/bin/env bash
set -euo pipefail
# Is point-in-time recovery of each given table $1?
for id in "${@:2}"; do
  found=$(aws dynamodb describe-continuous-backups --table-name "$id" \
    --query 'ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "recovery of $id is $found, not $1" >&2
    exit 1
  fi
  echo "recovery of $id is $found"
done
echo '{"status": "set"}'
