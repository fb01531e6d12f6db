#!/usr/bin/env bash
set -euo pipefail
# Deregisters each given image, but leaves one alone that an instance was started from.
for id in "$@"; do
  users=$(aws ec2 describe-instances --filters "Name=image-id,Values=$id" \
    --query "length(Reservations[].Instances[?State.Name!='terminated'][])" --output json)
  if [[ "$users" == "0" ]]; then
    aws ec2 deregister-image --image-id "$id" >/dev/null
    echo "$id -> deregistered"
  else
    echo "$id is used by instances and is left alone"
  fi
done
echo '{"status": "deregistered"}'
