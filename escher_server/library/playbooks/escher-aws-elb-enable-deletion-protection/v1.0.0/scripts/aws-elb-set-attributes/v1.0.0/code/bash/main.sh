#!/usr/bin/env bash
set -euo pipefail
# Sets the attributes of the load balancer $1 to those in $2.
aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$1" --cli-input-json "$2" >/dev/null
echo "$1 -> attributes set"
echo '{"status": "set"}'
