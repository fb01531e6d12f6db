"""Waits until every given instance is stopped, at most ten minutes."""

import json
import sys

import boto3

boto3.client("ec2").get_waiter("instance_stopped").wait(InstanceIds=sys.argv[1:])
for instance_id in sys.argv[1:]:
    print(instance_id, "stopped")
print(json.dumps({"status": "stopped"}))
