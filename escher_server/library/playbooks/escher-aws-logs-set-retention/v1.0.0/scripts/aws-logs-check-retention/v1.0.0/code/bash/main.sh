#!/usr/bin/env bash
set -euo pipefail
# Does the log group $2, which $3 asks for, keep its events for exactly $1 days?
found=$(aws logs describe-log-groups --cli-input-json "$3" --query 'logGroups[0].retentionInDays' --output text)
if [[ "$found" != "$1" ]]; then
  echo "$2 keeps its events for $found days, not $1" >&2
  exit 1
fi
echo "$2 keeps its events for $found days"
echo '{"status": "set"}'
