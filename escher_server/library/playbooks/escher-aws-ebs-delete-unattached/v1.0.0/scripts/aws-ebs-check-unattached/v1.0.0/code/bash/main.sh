#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given volumes is attached to anything. Reads only.
others=$(aws ec2 describe-volumes --volume-ids "$@" \
  --query "Volumes[?State!='available' || Attachments].[join(' is ', [VolumeId, State])]" --output text)
if [[ -n "$others" ]]; then
  echo "not unattached:" >&2
  echo "$others" >&2
  exit 1
fi
echo "none is attached"
echo '{"status": "unattached"}'
