"""Do all alarms of the names in argv[2] act (argv[1]: true or false)?"""

import json
import sys

import boto3

alarms = boto3.client("cloudwatch").describe_alarms(**json.loads(sys.argv[2]))["MetricAlarms"]
others = [alarm["AlarmName"] for alarm in alarms if str(alarm["ActionsEnabled"]).lower() != sys.argv[1]]
if others:
    print("not set to", sys.argv[1], others)
    sys.exit(1)
print("all are set to", sys.argv[1])
print(json.dumps({"status": "as wanted"}))
