"""Has the resource with the ARN argv[1] the tag that the filter argv[2] asks for? The tag index of AWS follows late."""

import json
import sys
import time

import boto3

pages = boto3.client("resourcegroupstaggingapi").get_paginator("get_resources")
found = []
for attempt in [1, 2, 3, 4, 5, 6]:
    if not found:
        if attempt != 1:
            time.sleep(10)
        found = [
            mapping
            for page in pages.paginate(**json.loads(sys.argv[2]))
            for mapping in page["ResourceTagMappingList"]
            if mapping["ResourceARN"] == sys.argv[1]
        ]
if not found:
    print(sys.argv[1], "does not have the tag")
    sys.exit(1)
print(sys.argv[1], "has the tag")
print(json.dumps({"status": "tagged"}))
