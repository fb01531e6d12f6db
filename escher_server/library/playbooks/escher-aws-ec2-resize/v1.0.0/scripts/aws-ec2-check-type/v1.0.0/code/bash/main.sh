#!/usr/bin/env bash
set -euo pipefail
# Are the given instances of the type $1?
for id in "${@:2}"; do
  found=$(aws ec2 describe-instances --instance-ids "$id" \
    --query 'Reservations[0].Instances[0].InstanceType' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "$id is of type $found, not $1" >&2
    exit 1
  fi
  echo "$id is $1"
done
echo '{"status": "resized"}'
