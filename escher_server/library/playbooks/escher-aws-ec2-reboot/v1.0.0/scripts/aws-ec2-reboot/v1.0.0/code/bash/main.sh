#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to reboot every given instance, in one call.
aws ec2 reboot-instances --instance-ids "$@"
for id in "$@"; do
  echo "$id running -> rebooting"
done
echo '{"status": "rebooting"}'
