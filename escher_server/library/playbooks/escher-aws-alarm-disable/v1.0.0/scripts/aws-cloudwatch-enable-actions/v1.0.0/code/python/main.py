"""Lets the alarms in argv[1] again do what they are set to do."""

import json
import sys

import boto3

boto3.client("cloudwatch").enable_alarm_actions(**json.loads(sys.argv[1]))
print("alarm actions enabled")
print(json.dumps({"status": "enabled"}))
