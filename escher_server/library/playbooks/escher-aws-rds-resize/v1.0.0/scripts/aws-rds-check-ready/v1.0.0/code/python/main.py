"""Ends with 1 when any of the given RDS instances is not available now. Reads only."""

import json
import sys

import boto3

rds = boto3.client("rds")
for database in sys.argv[1:]:
    state = rds.describe_db_instances(DBInstanceIdentifier=database)["DBInstances"][0]["DBInstanceStatus"]
    if state != "available":
        print(database, "is", state, "so AWS would not take a change now")
        sys.exit(1)
    print(database, "is available")
print(json.dumps({"status": "available"}))
