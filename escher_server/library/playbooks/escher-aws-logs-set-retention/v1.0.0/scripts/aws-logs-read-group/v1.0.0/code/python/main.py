"""Prints for how many days the log group argv[1] keeps its events; argv[2] asks for it. Reads only."""

import json
import sys

import boto3

groups = boto3.client("logs").describe_log_groups(**json.loads(sys.argv[2]))["logGroups"]
if not groups:
    print("there is no log group", sys.argv[1])
    sys.exit(1)
print(sys.argv[1], "keeps its events for", groups[0].get("retentionInDays"), "days now")
print(json.dumps({"status": "read"}))
