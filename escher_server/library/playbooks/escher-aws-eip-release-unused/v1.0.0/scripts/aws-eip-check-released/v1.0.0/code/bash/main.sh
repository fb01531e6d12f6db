#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given addresses still belongs to the account.
for id in "$@"; do
  left=$(aws ec2 describe-addresses --filters "Name=allocation-id,Values=$id" --query 'length(Addresses)' --output json)
  if [[ "$left" != "0" ]]; then
    echo "$id is still there" >&2
    exit 1
  fi
  echo "$id gone"
done
echo '{"status": "gone"}'
