#!/usr/bin/env bash
set -euo pipefail
# Begins a snapshot of the RDS instance $1; $2 is the snapshot's name and its tags.
aws rds create-db-snapshot --db-instance-identifier "$1" --cli-input-json "$2" \
  --query "join(' ', [DBSnapshot.DBInstanceIdentifier, '->', DBSnapshot.DBSnapshotIdentifier])" --output text
echo '{"status": "creating"}'
