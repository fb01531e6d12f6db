#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given groups is still there.
for id in "$@"; do
  left=$(aws ec2 describe-security-groups --filters "Name=group-id,Values=$id" --query 'length(SecurityGroups)' --output json)
  if [[ "$left" != "0" ]]; then
    echo "$id is still there" >&2
    exit 1
  fi
  echo "$id gone"
done
echo '{"status": "gone"}'
