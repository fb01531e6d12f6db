#!/usr/bin/env bash
set -euo pipefail
# Do the given buckets encrypt with the algorithm $1?
for bucket in "${@:2}"; do
  found=$(aws s3api get-bucket-encryption --bucket "$bucket" \
    --query 'ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "$bucket encrypts with $found, not $1" >&2
    exit 1
  fi
  echo "$bucket encrypts with $found"
done
echo '{"status": "encrypted"}'
