"""Ends with 1 when any of the given images is not available. Reads only."""

import json
import sys

import boto3

images = boto3.client("ec2").describe_images(ImageIds=sys.argv[1:])["Images"]
others = [f"{image['ImageId']} is {image['State']}" for image in images if image["State"] != "available"]
if others:
    print("not available:", others)
    sys.exit(1)
print("all are available")
print(json.dumps({"status": "available"}))
