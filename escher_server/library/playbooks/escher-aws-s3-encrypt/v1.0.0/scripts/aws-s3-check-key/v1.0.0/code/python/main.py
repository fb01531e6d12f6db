"""Is the KMS key argv[1] enabled in this region, and is each bucket there? Reads only."""

import json
import sys

import boto3

state = boto3.client("kms").describe_key(KeyId=sys.argv[1])["KeyMetadata"]["KeyState"]
if state != "Enabled":
    print("the key", sys.argv[1], "is", state, "- new objects could not be written")
    sys.exit(1)
s3 = boto3.client("s3")
for bucket in sys.argv[2:]:
    s3.head_bucket(Bucket=bucket)
    print(bucket, "is there")
print(json.dumps({"status": "ready"}))
