#!/usr/bin/env bash
set -euo pipefail
# Is the metadata service of each given instance set to tokens $1?
for id in "${@:2}"; do
  found=$(aws ec2 describe-instances --instance-ids "$id" \
    --query 'Reservations[0].Instances[0].MetadataOptions.HttpTokens' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "tokens of $id are $found, not $1" >&2
    exit 1
  fi
  echo "tokens of $id are $found"
done
echo '{"status": "set"}'
