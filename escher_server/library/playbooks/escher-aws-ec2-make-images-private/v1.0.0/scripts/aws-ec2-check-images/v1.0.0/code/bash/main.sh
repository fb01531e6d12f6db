#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given images is not available. Reads only.
others=$(aws ec2 describe-images --image-ids "$@" \
  --query "Images[?State!='available'].[join(' is ', [ImageId, State])]" --output text)
if [[ -n "$others" ]]; then
  echo "not available:" >&2
  echo "$others" >&2
  exit 1
fi
echo "all are available"
echo '{"status": "available"}'
