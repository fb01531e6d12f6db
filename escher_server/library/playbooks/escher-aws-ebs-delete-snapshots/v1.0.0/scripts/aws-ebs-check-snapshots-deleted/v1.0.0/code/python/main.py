"""Ends with 1 when any of the given snapshots is still there although no image uses it."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
images = ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]
used = [
    mapping.get("Ebs", {}).get("SnapshotId") for image in images for mapping in image.get("BlockDeviceMappings", [])
]
found = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "snapshot-id", "Values": sys.argv[1:]}])
left = [snapshot["SnapshotId"] for snapshot in found["Snapshots"] if snapshot["SnapshotId"] not in used]
if left:
    print("still there:", left)
    sys.exit(1)
print("all are gone, or belong to an image")
print(json.dumps({"status": "gone"}))
