#!/usr/bin/env bash
set -euo pipefail
# Has the thing $1 of EC2 the tag that the filter $2 asks for?
count=$(aws ec2 describe-tags --cli-input-json "$2" --query 'length(Tags)' --output json)
if [[ "$count" == "0" ]]; then
  echo "$1 does not have the tag" >&2
  exit 1
fi
echo "$1 has the tag"
echo '{"status": "tagged"}'
