"""Has each volume a snapshot that bears the tag of this plan (argv[1]), and none in error?"""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for volume_id in sys.argv[2:]:
    found = ec2.describe_snapshots(
        OwnerIds=["self"],
        Filters=[{"Name": "volume-id", "Values": [volume_id]}, {"Name": "tag:escher:plan", "Values": [sys.argv[1]]}],
    )
    if not [snapshot for snapshot in found["Snapshots"] if snapshot["State"] != "error"]:
        print(volume_id, "has no snapshot of", sys.argv[1])
        sys.exit(1)
    print(volume_id, "has its snapshot; AWS completes it in the background")
print(json.dumps({"status": "begun"}))
