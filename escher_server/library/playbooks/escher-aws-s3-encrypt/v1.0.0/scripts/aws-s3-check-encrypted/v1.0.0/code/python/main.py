"""Do the given buckets encrypt with the algorithm argv[1]?"""

import json
import sys

import boto3

s3 = boto3.client("s3")
for bucket in sys.argv[2:]:
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    found = rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    if found != sys.argv[1]:
        print(bucket, "encrypts with", found, "and not", sys.argv[1])
        sys.exit(1)
    print(bucket, "encrypts with", found)
print(json.dumps({"status": "encrypted"}))
