#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given volumes is neither in use nor available. Reads only.
others=$(aws ec2 describe-volumes --volume-ids "$@" \
  --query "Volumes[?State!='in-use' && State!='available'].[join(' is ', [VolumeId, State])]" --output text)
if [[ -n "$others" ]]; then
  echo "cannot be copied now:" >&2
  echo "$others" >&2
  exit 1
fi
echo "all can be copied"
echo '{"status": "ready"}'
