"""Asks AWS to stop every given instance, and waits until all are stopped, at most ten minutes."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
answer = ec2.stop_instances(InstanceIds=sys.argv[1:])
for change in answer["StoppingInstances"]:
    print(change["InstanceId"], change["PreviousState"]["Name"], "->", change["CurrentState"]["Name"])
ec2.get_waiter("instance_stopped").wait(InstanceIds=sys.argv[1:])
print(json.dumps({"status": "stopped"}))
