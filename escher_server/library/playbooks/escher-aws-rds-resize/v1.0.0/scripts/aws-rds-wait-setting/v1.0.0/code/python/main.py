"""Waits until the setting argv[1] of each given RDS instance is argv[2], at most half an hour for one."""

import json
import sys
import time

import boto3

rds = boto3.client("rds")
for database in sys.argv[3:]:
    found = "unknown"
    for attempt in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]:
        if found != sys.argv[2]:
            if attempt != 1:
                time.sleep(120)
            answer = rds.describe_db_instances(DBInstanceIdentifier=database)
            found = str(answer["DBInstances"][0].get(sys.argv[1]))
    if found != sys.argv[2]:
        print(sys.argv[1], "of", database, "is", found, "and not", sys.argv[2])
        sys.exit(1)
    print(sys.argv[1], "of", database, "is", found)
print(json.dumps({"status": "as wanted"}))
