#!/usr/bin/env bash
set -euo pipefail
# Is the service $2 of the cluster $1 active? Reads only.
state=$(aws ecs describe-services --cluster "$1" --services "$2" --query 'services[0].status' --output text)
if [[ "$state" != "ACTIVE" ]]; then
  echo "$2 is $state, not ACTIVE" >&2
  exit 1
fi
echo "$2 is active"
echo '{"status": "active"}'
