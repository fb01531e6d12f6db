#!/usr/bin/env bash
set -euo pipefail
# Should the service $2 of the cluster $1 run $3 tasks, as AWS has it?
found=$(aws ecs describe-services --cluster "$1" --services "$2" --query 'services[0].desiredCount' --output text)
running=$(aws ecs describe-services --cluster "$1" --services "$2" --query 'services[0].runningCount' --output text)
if [[ "$found" != "$3" ]]; then
  echo "$2 should run $found tasks, not $3" >&2
  exit 1
fi
echo "$2 should run $found tasks, and runs $running so far"
echo '{"status": "scaled"}'
