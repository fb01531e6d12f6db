"""Takes the retention off the log group argv[1], which argv[2] names: it keeps its events for ever."""

import json
import sys

import boto3

boto3.client("logs").delete_retention_policy(**json.loads(sys.argv[2]))
print(sys.argv[1], "-> keeps its events for ever")
print(json.dumps({"status": "set"}))
