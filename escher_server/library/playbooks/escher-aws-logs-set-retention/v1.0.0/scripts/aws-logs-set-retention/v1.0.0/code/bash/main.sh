#!/usr/bin/env bash
set -euo pipefail
# Sets for how many days the log group $1 keeps its events; $2 holds both.
aws logs put-retention-policy --cli-input-json "$2"
echo "$1 -> retention set"
echo '{"status": "set"}'
