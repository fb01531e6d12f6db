#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given load balancers is not active. Reads only.
for arn in "$@"; do
  state=$(aws elbv2 describe-load-balancers --load-balancer-arns "$arn" --query 'LoadBalancers[0].State.Code' --output text)
  if [[ "$state" != "active" ]]; then
    echo "$arn is $state, not active" >&2
    exit 1
  fi
  echo "$arn is active"
done
echo '{"status": "active"}'
