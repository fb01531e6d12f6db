#!/usr/bin/env bash
set -euo pipefail
# Takes the retention off the log group $1, which $2 names: it keeps its events for ever.
aws logs delete-retention-policy --cli-input-json "$2"
echo "$1 -> keeps its events for ever"
echo '{"status": "set"}'
