#!/usr/bin/env bash
set -euo pipefail
# Is the KMS key $1 enabled in this region, and is each topic there? Reads only.
state=$(aws kms describe-key --key-id "$1" --query 'KeyMetadata.KeyState' --output text)
if [[ "$state" != "Enabled" ]]; then
  echo "the key $1 is $state, so nothing could be published" >&2
  exit 1
fi
for arn in "${@:2}"; do
  aws sns get-topic-attributes --topic-arn "$arn" >/dev/null
  echo "$arn is there"
done
echo '{"status": "ready"}'
