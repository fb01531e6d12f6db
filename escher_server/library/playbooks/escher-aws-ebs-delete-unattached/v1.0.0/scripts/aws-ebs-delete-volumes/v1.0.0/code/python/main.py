"""Deletes each given volume; AWS itself refuses one that is attached."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for volume_id in sys.argv[1:]:
    ec2.delete_volume(VolumeId=volume_id)
    print(volume_id, "available -> deleted")
print(json.dumps({"status": "deleted"}))
