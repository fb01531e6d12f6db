"""Ends with 1 when any of the given RDS snapshots was not made by hand or is not complete. Reads only."""

import json
import sys

import boto3

rds = boto3.client("rds")
for name in sys.argv[1:]:
    snapshot = rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0]
    if snapshot["Status"] != "available" or snapshot["SnapshotType"] != "manual":
        print(name, "was not made by hand, or is not complete")
        sys.exit(1)
    print(name, "was made by hand and is complete")
print(json.dumps({"status": "manual"}))
