"""Ends with 1 when any of the four settings is off for any of the given buckets."""

import json
import sys

import boto3

s3 = boto3.client("s3")
for bucket in sys.argv[1:]:
    found = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    if len([name for name in sorted(found) if found[name]]) != 4:
        print(bucket, "is not wholly blocked")
        sys.exit(1)
    print(bucket, "is blocked")
print(json.dumps({"status": "blocked"}))
