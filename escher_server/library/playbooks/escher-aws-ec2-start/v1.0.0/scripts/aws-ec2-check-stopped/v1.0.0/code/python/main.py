"""Ends with 1 when any of the given instances is not stopped. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
others = [
    f"{instance['InstanceId']} is {instance['State']['Name']}"
    for page in ec2.get_paginator("describe_instances").paginate(InstanceIds=sys.argv[1:])
    for reservation in page["Reservations"]
    for instance in reservation["Instances"]
    if instance["State"]["Name"] != "stopped"
]
if others:
    print("not stopped:", others)
    sys.exit(1)
print("all are stopped")
print(json.dumps({"status": "stopped"}))
