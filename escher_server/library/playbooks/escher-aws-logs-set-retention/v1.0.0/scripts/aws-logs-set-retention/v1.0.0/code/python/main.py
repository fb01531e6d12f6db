"""Sets for how many days the log group argv[1] keeps its events; argv[2] holds both."""

import json
import sys

import boto3

boto3.client("logs").put_retention_policy(**json.loads(sys.argv[2]))
print(sys.argv[1], "-> retention set")
print(json.dumps({"status": "set"}))
