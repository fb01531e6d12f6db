"""Does the log group argv[2], which argv[3] asks for, keep its events for exactly argv[1] days?"""

import json
import sys

import boto3

group = boto3.client("logs").describe_log_groups(**json.loads(sys.argv[3]))["logGroups"][0]
found = str(group.get("retentionInDays"))
if found != sys.argv[1]:
    print(sys.argv[2], "keeps its events for", found, "days and not", sys.argv[1])
    sys.exit(1)
print(sys.argv[2], "keeps its events for", found, "days")
print(json.dumps({"status": "set"}))
