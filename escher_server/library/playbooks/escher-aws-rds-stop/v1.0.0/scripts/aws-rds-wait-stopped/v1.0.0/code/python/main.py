"""Waits until every given RDS instance is stopped, at most half an hour for one. AWS has no waiter for it."""

import json
import sys
import time

import boto3

rds = boto3.client("rds")
for identifier in sys.argv[1:]:
    state = "unknown"
    for attempt in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]:
        if state != "stopped":
            if attempt != 1:
                time.sleep(120)
            state = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]["DBInstanceStatus"]
    if state != "stopped":
        print(identifier, "is still", state, "after half an hour")
        sys.exit(1)
    print(identifier, "stopped")
print(json.dumps({"status": "stopped"}))
