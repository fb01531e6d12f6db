#!/usr/bin/env bash
set -euo pipefail
# Sets point-in-time recovery of the table $1 as $2 says.
aws dynamodb update-continuous-backups --table-name "$1" --cli-input-json "$2" >/dev/null
echo "$1 -> recovery set"
echo '{"status": "set"}'
