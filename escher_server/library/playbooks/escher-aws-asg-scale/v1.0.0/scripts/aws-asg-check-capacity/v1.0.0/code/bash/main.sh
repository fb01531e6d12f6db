#!/usr/bin/env bash
set -euo pipefail
# Waits until the Auto Scaling group $2, which $3 asks for, has $1 instances, at most five minutes.
found=unknown
for attempt in 1 2 3 4 5 6 7 8 9 10 11; do
  if [[ "$found" != "$1" ]]; then
    if [[ "$attempt" != "1" ]]; then
      sleep 30
    fi
    found=$(aws autoscaling describe-auto-scaling-groups --cli-input-json "$3" \
      --query 'length(AutoScalingGroups[0].Instances)' --output json)
  fi
done
if [[ "$found" != "$1" ]]; then
  echo "$2 has $found instances, not $1" >&2
  exit 1
fi
echo "$2 has $found instances"
echo '{"status": "scaled"}'
