#!/usr/bin/env bash
set -euo pipefail
# Is the rule $2, which $3 asks for, in the state $1?
found=$(aws events describe-rule --cli-input-json "$3" --query 'State' --output text)
if [[ "$found" != "$1" ]]; then
  echo "$2 is $found, not $1" >&2
  exit 1
fi
echo "$2 is $found"
echo '{"status": "as wanted"}'
