"""Asks AWS to stop each given RDS instance; the API takes one a call."""

import json
import sys

import boto3

rds = boto3.client("rds")
for identifier in sys.argv[1:]:
    rds.stop_db_instance(DBInstanceIdentifier=identifier)
    print(identifier, "available -> stopping")
print(json.dumps({"status": "stopping"}))
