"""Waits until the snapshot of the plan argv[1] is complete for each given RDS instance, at most half an hour for one."""

import json
import sys

import boto3

waiter = boto3.client("rds").get_waiter("db_snapshot_available")
for database in sys.argv[2:]:
    waiter.wait(DBSnapshotIdentifier=f"escher-{database}-{sys.argv[1]}")
    print(database, "is kept as", f"escher-{database}-{sys.argv[1]}")
print(json.dumps({"status": "available"}))
