#!/usr/bin/env bash
set -euo pipefail
# Prints the tags that the given things of EC2 have now. Reads only.
for id in "$@"; do
  echo "$id has now:"
  aws ec2 describe-tags --filters "Name=resource-id,Values=$id" --query 'Tags[].[Key, Value]' --output text
done
echo '{"status": "read"}'
