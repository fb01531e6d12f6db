#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given keys is not enabled. Reads only.
for id in "$@"; do
  state=$(aws kms describe-key --key-id "$id" --query 'KeyMetadata.KeyState' --output text)
  if [[ "$state" != "Enabled" ]]; then
    echo "$id is $state, so it cannot be rotated" >&2
    exit 1
  fi
  echo "$id is enabled"
done
echo '{"status": "enabled"}'
