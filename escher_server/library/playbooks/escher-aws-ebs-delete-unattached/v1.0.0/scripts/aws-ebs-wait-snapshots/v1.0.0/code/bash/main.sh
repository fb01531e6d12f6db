#!/usr/bin/env bash
set -euo pipefail
# Waits until the snapshot that bears the tag of this plan ($1) is complete, for each volume.
for id in "${@:2}"; do
  snapshot=$(aws ec2 describe-snapshots --owner-ids self \
    --filters "Name=volume-id,Values=$id" "Name=tag:escher:plan,Values=$1" \
    --query 'Snapshots[0].SnapshotId' --output text)
  aws ec2 wait snapshot-completed --snapshot-ids "$snapshot"
  echo "$id is kept as $snapshot"
done
echo '{"status": "completed"}'
