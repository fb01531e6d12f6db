#!/usr/bin/env bash
set -euo pipefail
# Is the attribute $1 of each given load balancer $2?
for arn in "${@:3}"; do
  fitting=$(aws elbv2 describe-load-balancer-attributes --load-balancer-arn "$arn" \
    --query "length(Attributes[?Key=='$1' && Value=='$2'])" --output json)
  if [[ "$fitting" != "1" ]]; then
    echo "$1 of $arn is not $2" >&2
    exit 1
  fi
  echo "$1 of $arn is $2"
done
echo '{"status": "set"}'
