"""Deletes each given snapshot, but leaves one alone that an image uses."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
images = ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]
for snapshot_id in sys.argv[1:]:
    users = [
        image["ImageId"]
        for image in images
        for mapping in image.get("BlockDeviceMappings", [])
        if mapping.get("Ebs", {}).get("SnapshotId") == snapshot_id
    ]
    if users:
        print(snapshot_id, "belongs to", users, "and is left alone")
    else:
        ec2.delete_snapshot(SnapshotId=snapshot_id)
        print(snapshot_id, "-> deleted")
print(json.dumps({"status": "deleted"}))
