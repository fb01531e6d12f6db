"""Waits until the snapshot that bears the tag of this plan (argv[1]) is complete, for each volume."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for volume_id in sys.argv[2:]:
    found = ec2.describe_snapshots(
        OwnerIds=["self"],
        Filters=[{"Name": "volume-id", "Values": [volume_id]}, {"Name": "tag:escher:plan", "Values": [sys.argv[1]]}],
    )
    snapshot_id = found["Snapshots"][0]["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot_id])
    print(volume_id, "is kept as", snapshot_id)
print(json.dumps({"status": "completed"}))
