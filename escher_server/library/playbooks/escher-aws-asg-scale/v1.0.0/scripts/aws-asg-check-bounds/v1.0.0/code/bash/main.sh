#!/usr/bin/env bash
set -euo pipefail
# May the Auto Scaling group $2, which $3 asks for, have $1 instances? Reads only.
fitting=$(aws autoscaling describe-auto-scaling-groups --cli-input-json "$3" \
  --query "length(AutoScalingGroups[?MinSize<=\`$1\` && MaxSize>=\`$1\`])" --output json)
if [[ "$fitting" != "1" ]]; then
  echo "$1 is not within minimum and maximum of $2" >&2
  exit 1
fi
echo "$2 may have $1 instances"
echo '{"status": "fits"}'
