#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given images is still there although no instance uses it.
for id in "$@"; do
  left=$(aws ec2 describe-images --owners self --include-disabled --query "length(Images[?ImageId=='$id'])" --output json)
  users=$(aws ec2 describe-instances --filters "Name=image-id,Values=$id" \
    --query "length(Reservations[].Instances[?State.Name!='terminated'][])" --output json)
  if [[ "$left" != "0" && "$users" == "0" ]]; then
    echo "$id is still there" >&2
    exit 1
  fi
  echo "$id is gone, or used by instances"
done
echo '{"status": "gone"}'
