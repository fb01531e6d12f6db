"""Deletes each given RDS snapshot; AWS itself refuses one that it made."""

import json
import sys

import boto3

rds = boto3.client("rds")
for name in sys.argv[1:]:
    rds.delete_db_snapshot(DBSnapshotIdentifier=name)
    print(name, "available -> deleted")
print(json.dumps({"status": "deleted"}))
