"""Ends with 1 when no alarm of the names in argv[1] is there. Reads only."""

import json
import sys

import boto3

alarms = boto3.client("cloudwatch").describe_alarms(**json.loads(sys.argv[1]))["MetricAlarms"]
if not alarms:
    print("none of the alarms is there")
    sys.exit(1)
print(len(alarms), "alarms are there")
print(json.dumps({"status": "read"}))
