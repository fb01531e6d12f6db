"""Sets the rule by which S3 encrypts new objects of bucket argv[1] to the one in argv[2]."""

import json
import sys

import boto3

boto3.client("s3").put_bucket_encryption(Bucket=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> encryption set")
print(json.dumps({"status": "set"}))
