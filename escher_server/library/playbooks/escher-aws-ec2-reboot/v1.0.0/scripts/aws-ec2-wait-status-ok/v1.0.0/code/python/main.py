"""Waits until both status checks of every given instance pass, at most ten minutes."""

import json
import sys

import boto3

boto3.client("ec2").get_waiter("instance_status_ok").wait(InstanceIds=sys.argv[1:])
for instance_id in sys.argv[1:]:
    print(instance_id, "passes both status checks")
print(json.dumps({"status": "ok"}))
