#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given instances is neither running nor stopped. Reads only.
others=$(aws ec2 describe-instances --instance-ids "$@" \
  --query "Reservations[].Instances[?State.Name!='running' && State.Name!='stopped'][].[join(' is ', [InstanceId, State.Name])]" \
  --output text)
if [[ -n "$others" ]]; then
  echo "neither running nor stopped:" >&2
  echo "$others" >&2
  exit 1
fi
echo "all are running or stopped"
echo '{"status": "settled"}'
