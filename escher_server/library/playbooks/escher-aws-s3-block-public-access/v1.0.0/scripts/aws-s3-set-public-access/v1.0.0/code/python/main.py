"""Sets the four settings of Block Public Access of bucket argv[1] to those in argv[2]."""

import json
import sys

import boto3

boto3.client("s3").put_public_access_block(Bucket=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> public access settings set")
print(json.dumps({"status": "set"}))
