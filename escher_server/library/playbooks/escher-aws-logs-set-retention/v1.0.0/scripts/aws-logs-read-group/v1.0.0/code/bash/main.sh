#!/usr/bin/env bash
set -euo pipefail
# Prints for how many days the log group $1 keeps its events; $2 asks for it. Reads only.
count=$(aws logs describe-log-groups --cli-input-json "$2" --query 'length(logGroups)' --output json)
if [[ "$count" == "0" ]]; then
  echo "there is no log group $1" >&2
  exit 1
fi
aws logs describe-log-groups --cli-input-json "$2" --query 'logGroups[0].retentionInDays' --output text
echo "are the days that $1 keeps its events now"
echo '{"status": "read"}'
