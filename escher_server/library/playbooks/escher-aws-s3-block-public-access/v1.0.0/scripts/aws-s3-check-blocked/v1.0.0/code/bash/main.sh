#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the four settings is off for any of the given buckets.
for bucket in "$@"; do
  on=$(aws s3api get-public-access-block --bucket "$bucket" \
    --query 'length(values(PublicAccessBlockConfiguration)[?@])' --output json)
  if [[ "$on" != "4" ]]; then
    echo "$bucket is not wholly blocked" >&2
    exit 1
  fi
  echo "$bucket is blocked"
done
echo '{"status": "blocked"}'
