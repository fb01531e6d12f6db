"""Changes the settings of the table argv[1] to those in argv[2]."""

import json
import sys

import boto3

boto3.client("dynamodb").update_table(TableName=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> settings sent")
print(json.dumps({"status": "sent"}))
