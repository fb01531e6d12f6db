#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given keys is not rotated by KMS.
for id in "$@"; do
  found=$(aws kms get-key-rotation-status --key-id "$id" --query 'KeyRotationEnabled' --output json)
  if [[ "$found" != "true" ]]; then
    echo "$id is not rotated" >&2
    exit 1
  fi
  echo "$id is rotated"
done
echo '{"status": "rotated"}'
