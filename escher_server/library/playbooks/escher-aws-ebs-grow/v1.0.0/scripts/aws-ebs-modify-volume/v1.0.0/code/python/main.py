"""Changes the volume argv[1] as argv[2] says; it goes on working meanwhile."""

import json
import sys

import boto3

boto3.client("ec2").modify_volume(VolumeId=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> modifying")
print(json.dumps({"status": "modifying"}))
