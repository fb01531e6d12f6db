"""Changes who may start instances from the image argv[1], as argv[2] says."""

import json
import sys

import boto3

boto3.client("ec2").modify_image_attribute(ImageId=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> launch permission changed")
print(json.dumps({"status": "changed"}))
