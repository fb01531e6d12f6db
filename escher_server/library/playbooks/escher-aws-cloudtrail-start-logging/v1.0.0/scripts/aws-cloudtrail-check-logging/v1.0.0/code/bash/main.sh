#!/usr/bin/env bash
set -euo pipefail
# Is logging $1 for each given trail?
for arn in "${@:2}"; do
  found=$(aws cloudtrail get-trail-status --name "$arn" --query 'IsLogging' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "logging of $arn is $found, not $1" >&2
    exit 1
  fi
  echo "logging of $arn is $found"
done
echo '{"status": "as wanted"}'
