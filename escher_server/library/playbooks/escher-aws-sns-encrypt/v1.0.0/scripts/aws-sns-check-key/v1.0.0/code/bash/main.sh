#!/usr/bin/env bash
set -euo pipefail
# Does each given topic encrypt with the key $1?
for arn in "${@:2}"; do
  found=$(aws sns get-topic-attributes --topic-arn "$arn" --query 'Attributes.KmsMasterKeyId' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "$arn encrypts with $found, not $1" >&2
    exit 1
  fi
  echo "$arn encrypts with $found"
done
echo '{"status": "encrypted"}'
