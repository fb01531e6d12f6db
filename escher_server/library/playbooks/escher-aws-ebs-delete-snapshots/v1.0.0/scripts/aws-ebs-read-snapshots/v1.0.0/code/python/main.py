"""Prints for each given snapshot which images use it; ends with 1 when one is not there. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
images = ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]
ec2.describe_snapshots(SnapshotIds=sys.argv[1:])
for snapshot_id in sys.argv[1:]:
    users = [
        image["ImageId"]
        for image in images
        for mapping in image.get("BlockDeviceMappings", [])
        if mapping.get("Ebs", {}).get("SnapshotId") == snapshot_id
    ]
    print(snapshot_id, "is there, and used by", users)
print(json.dumps({"status": "read"}))
