#!/usr/bin/env bash
set -euo pipefail
# Stops each given trail from logging.
for arn in "$@"; do
  aws cloudtrail stop-logging --name "$arn"
  echo "$arn -> logging off"
done
echo '{"status": "silent"}'
