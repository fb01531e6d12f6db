"""Waits until each given volume is gone, at most ten minutes."""

import json
import sys

import boto3

waiter = boto3.client("ec2").get_waiter("volume_deleted")
for volume_id in sys.argv[1:]:
    waiter.wait(VolumeIds=[volume_id])
    print(volume_id, "gone")
print(json.dumps({"status": "gone"}))
