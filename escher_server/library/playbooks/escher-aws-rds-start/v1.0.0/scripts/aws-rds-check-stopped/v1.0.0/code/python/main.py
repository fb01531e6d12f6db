"""Ends with 1 when any of the given RDS instances is not stopped. Reads only."""

import json
import sys

import boto3

rds = boto3.client("rds")
for identifier in sys.argv[1:]:
    instance = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]
    if instance["DBInstanceStatus"] != "stopped":
        print(identifier, "is", instance["DBInstanceStatus"], "and not stopped")
        sys.exit(1)
    print(identifier, "can be started")
print(json.dumps({"status": "stopped"}))
