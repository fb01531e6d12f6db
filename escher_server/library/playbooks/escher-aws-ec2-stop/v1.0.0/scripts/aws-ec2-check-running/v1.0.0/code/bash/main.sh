#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given instances is not running. Reads only.
others=$(aws ec2 describe-instances --instance-ids "$@" \
  --query "Reservations[].Instances[?State.Name!='running'][].[join(' is ', [InstanceId, State.Name])]" --output text)
if [[ -n "$others" ]]; then
  echo "not running:" >&2
  echo "$others" >&2
  exit 1
fi
echo "all are running"
echo '{"status": "running"}'
