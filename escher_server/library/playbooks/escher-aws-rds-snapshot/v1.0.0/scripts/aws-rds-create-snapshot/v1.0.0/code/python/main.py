"""Begins a snapshot of the RDS instance argv[1]; argv[2] is the snapshot's name and its tags."""

import json
import sys

import boto3

answer = boto3.client("rds").create_db_snapshot(DBInstanceIdentifier=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "->", answer["DBSnapshot"]["DBSnapshotIdentifier"])
print(json.dumps({"status": "creating"}))
