"""Waits until the field argv[1] of each given table is argv[2], at most two minutes for one."""

import json
import sys
import time

import boto3

dynamodb = boto3.client("dynamodb")
for table in sys.argv[3:]:
    found = "unknown"
    for attempt in [1, 2, 3, 4, 5, 6]:
        if found != sys.argv[2]:
            if attempt != 1:
                time.sleep(20)
            found = str(dynamodb.describe_table(TableName=table)["Table"].get(sys.argv[1]))
    if found != sys.argv[2]:
        print(sys.argv[1], "of", table, "is", found, "and not", sys.argv[2])
        sys.exit(1)
    print(sys.argv[1], "of", table, "is", found)
print(json.dumps({"status": "as wanted"}))
