#!/usr/bin/env bash
set -euo pipefail
# Lets each given trail log again.
for arn in "$@"; do
  aws cloudtrail start-logging --name "$arn"
  echo "$arn -> logging on"
done
echo '{"status": "logging"}'
