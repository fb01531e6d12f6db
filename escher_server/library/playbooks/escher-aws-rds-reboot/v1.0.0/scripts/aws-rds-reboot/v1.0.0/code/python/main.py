"""Asks AWS to reboot each given RDS instance; the API takes one a call."""

import json
import sys

import boto3

rds = boto3.client("rds")
for database in sys.argv[1:]:
    rds.reboot_db_instance(DBInstanceIdentifier=database)
    print(database, "available -> rebooting")
print(json.dumps({"status": "rebooting"}))
