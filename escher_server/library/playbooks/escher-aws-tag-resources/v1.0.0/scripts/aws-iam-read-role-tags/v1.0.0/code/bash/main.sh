#!/usr/bin/env bash
set -euo pipefail
# Prints the tags that the given roles have now. Reads only.
for role in "$@"; do
  echo "$role has now:"
  aws iam list-role-tags --role-name "$role" --query 'Tags[].[Key, Value]' --output text
done
echo '{"status": "read"}'
