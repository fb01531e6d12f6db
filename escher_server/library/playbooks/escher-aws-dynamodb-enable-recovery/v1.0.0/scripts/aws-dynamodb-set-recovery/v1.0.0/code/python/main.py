"""Sets point-in-time recovery of the table argv[1] as argv[2] says."""

import json
import sys

import boto3

boto3.client("dynamodb").update_continuous_backups(TableName=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> recovery set")
print(json.dumps({"status": "set"}))
