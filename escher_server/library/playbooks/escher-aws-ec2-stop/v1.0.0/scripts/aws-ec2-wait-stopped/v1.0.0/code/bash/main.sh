#!/usr/bin/env bash
set -euo pipefail
# Waits until every given instance is stopped, at most ten minutes.
aws ec2 wait instance-stopped --instance-ids "$@"
for id in "$@"; do
  echo "$id stopped"
done
echo '{"status": "stopped"}'
