"""Begins an image of the instance argv[1]; argv[2] is its name, its description and its tags."""

import json
import sys

import boto3

image = boto3.client("ec2").create_image(InstanceId=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "->", image["ImageId"])
print(json.dumps({"status": "pending"}))
