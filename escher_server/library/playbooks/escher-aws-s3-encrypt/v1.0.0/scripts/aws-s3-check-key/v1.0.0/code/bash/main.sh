#!/usr/bin/env bash
set -euo pipefail
# Is the KMS key $1 enabled in this region, and is each bucket there? Reads only.
state=$(aws kms describe-key --key-id "$1" --query 'KeyMetadata.KeyState' --output text)
if [[ "$state" != "Enabled" ]]; then
  echo "the key $1 is $state, so new objects could not be written" >&2
  exit 1
fi
for bucket in "${@:2}"; do
  aws s3api head-bucket --bucket "$bucket" >/dev/null
  echo "$bucket is there"
done
echo '{"status": "ready"}'
