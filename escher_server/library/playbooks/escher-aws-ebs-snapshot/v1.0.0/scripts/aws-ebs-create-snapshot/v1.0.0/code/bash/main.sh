#!/usr/bin/env bash
set -euo pipefail
# Begins a snapshot of volume $1; $2 is its description and its tags.
aws ec2 create-snapshot --volume-id "$1" --cli-input-json "$2" \
  --query "join(' ', [VolumeId, '->', SnapshotId, State])" --output text
echo '{"status": "pending"}'
