#!/usr/bin/env bash
set -euo pipefail
# Waits until every given instance is running, at most ten minutes.
aws ec2 wait instance-running --instance-ids "$@"
for id in "$@"; do
  echo "$id running"
done
echo '{"status": "running"}'
