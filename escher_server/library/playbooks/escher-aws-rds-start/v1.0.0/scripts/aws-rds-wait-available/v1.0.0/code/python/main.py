"""Waits until every given RDS instance is available, at most half an hour for one."""

import json
import sys

import boto3

waiter = boto3.client("rds").get_waiter("db_instance_available")
for identifier in sys.argv[1:]:
    waiter.wait(DBInstanceIdentifier=identifier)
    print(identifier, "available")
print(json.dumps({"status": "available"}))
