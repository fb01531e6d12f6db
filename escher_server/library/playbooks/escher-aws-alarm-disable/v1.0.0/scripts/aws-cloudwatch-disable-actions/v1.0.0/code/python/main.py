"""Lets the alarms in argv[1] no longer do what they are set to do."""

import json
import sys

import boto3

boto3.client("cloudwatch").disable_alarm_actions(**json.loads(sys.argv[1]))
print("alarm actions disabled")
print(json.dumps({"status": "disabled"}))
