#!/usr/bin/env bash
set -euo pipefail
# Waits until the image of the plan $1 is complete for each given instance, at most ten minutes for one.
for id in "${@:2}"; do
  image=$(aws ec2 describe-images --owners self --filters "Name=name,Values=escher-$id-$1" \
    --query 'Images[0].ImageId' --output text)
  aws ec2 wait image-available --image-ids "$image"
  echo "$id is kept as $image"
done
echo '{"status": "available"}'
