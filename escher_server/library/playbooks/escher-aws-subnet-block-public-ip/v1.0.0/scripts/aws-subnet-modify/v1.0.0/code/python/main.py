"""Changes the setting in argv[2] of the subnet argv[1]."""

import json
import sys

import boto3

boto3.client("ec2").modify_subnet_attribute(SubnetId=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> setting changed")
print(json.dumps({"status": "changed"}))
