"""Waits until each given RDS snapshot is gone."""

import json
import sys

import boto3

waiter = boto3.client("rds").get_waiter("db_snapshot_deleted")
for name in sys.argv[1:]:
    waiter.wait(DBSnapshotIdentifier=name)
    print(name, "gone")
print(json.dumps({"status": "gone"}))
