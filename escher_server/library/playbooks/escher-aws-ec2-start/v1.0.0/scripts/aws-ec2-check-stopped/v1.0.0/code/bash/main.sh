#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given instances is not stopped. Reads only.
others=$(aws ec2 describe-instances --instance-ids "$@" \
  --query "Reservations[].Instances[?State.Name!='stopped'][].[join(' is ', [InstanceId, State.Name])]" --output text)
if [[ -n "$others" ]]; then
  echo "not stopped:" >&2
  echo "$others" >&2
  exit 1
fi
echo "all are stopped"
echo '{"status": "stopped"}'
