#!/usr/bin/env bash
set -euo pipefail
# Do all alarms of the names in $2 act ($1: true or false)?
others=$(aws cloudwatch describe-alarms --cli-input-json "$2" \
  --query "length(MetricAlarms[?ActionsEnabled!=\`$1\`])" --output json)
if [[ "$others" != "0" ]]; then
  echo "$others alarms are not set to $1" >&2
  exit 1
fi
echo "all are set to $1"
echo '{"status": "as wanted"}'
