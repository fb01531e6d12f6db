"""Asks AWS to start every given instance, in one call."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
answer = ec2.start_instances(InstanceIds=sys.argv[1:])
for change in answer["StartingInstances"]:
    print(change["InstanceId"], change["PreviousState"]["Name"], "->", change["CurrentState"]["Name"])
print(json.dumps({"status": "starting"}))
