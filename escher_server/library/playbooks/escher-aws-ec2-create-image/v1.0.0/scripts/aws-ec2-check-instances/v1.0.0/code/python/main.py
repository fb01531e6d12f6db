"""Ends with 1 when any of the given instances is neither running nor stopped. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
others = [
    f"{instance['InstanceId']} is {instance['State']['Name']}"
    for page in ec2.get_paginator("describe_instances").paginate(InstanceIds=sys.argv[1:])
    for reservation in page["Reservations"]
    for instance in reservation["Instances"]
    if instance["State"]["Name"] not in ["running", "stopped"]
]
if others:
    print("neither running nor stopped:", others)
    sys.exit(1)
print("all are running or stopped")
print(json.dumps({"status": "settled"}))
