#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given snapshots is still there although no image uses it.
for id in "$@"; do
  left=$(aws ec2 describe-snapshots --owner-ids self --filters "Name=snapshot-id,Values=$id" \
    --query 'length(Snapshots)' --output json)
  images=$(aws ec2 describe-images --owners self --include-disabled \
    --query "length(Images[?BlockDeviceMappings[?Ebs.SnapshotId=='$id']])" --output json)
  if [[ "$left" != "0" && "$images" == "0" ]]; then
    echo "$id is still there" >&2
    exit 1
  fi
  echo "$id is gone, or belongs to an image"
done
echo '{"status": "gone"}'
