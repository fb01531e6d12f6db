"""Ends with 1 when any of the given buckets is not there or not accessible. Reads only."""

import json
import sys

import boto3

s3 = boto3.client("s3")
for bucket in sys.argv[1:]:
    s3.head_bucket(Bucket=bucket)
    print(bucket, "is there")
print(json.dumps({"status": "there"}))
