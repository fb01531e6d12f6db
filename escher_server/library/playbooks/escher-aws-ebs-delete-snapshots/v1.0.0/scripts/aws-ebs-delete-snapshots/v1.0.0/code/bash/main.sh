#!/usr/bin/env bash
set -euo pipefail
# Deletes each given snapshot, but leaves one alone that an image uses.
for id in "$@"; do
  images=$(aws ec2 describe-images --owners self --include-disabled \
    --query "length(Images[?BlockDeviceMappings[?Ebs.SnapshotId=='$id']])" --output json)
  if [[ "$images" == "0" ]]; then
    aws ec2 delete-snapshot --snapshot-id "$id"
    echo "$id -> deleted"
  else
    echo "$id belongs to an image and is left alone"
  fi
done
echo '{"status": "deleted"}'
