#!/usr/bin/env bash
set -euo pipefail
# Is giving out public addresses $1 for each given subnet?
for id in "${@:2}"; do
  found=$(aws ec2 describe-subnets --subnet-ids "$id" --query 'Subnets[0].MapPublicIpOnLaunch' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "giving out public addresses of $id is $found, not $1" >&2
    exit 1
  fi
  echo "giving out public addresses of $id is $found"
done
echo '{"status": "as wanted"}'
