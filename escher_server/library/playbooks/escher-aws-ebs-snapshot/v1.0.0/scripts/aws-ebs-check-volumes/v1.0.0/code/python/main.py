"""Ends with 1 when any of the given volumes is neither in use nor available. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
others = [
    f"{volume['VolumeId']} is {volume['State']}"
    for page in ec2.get_paginator("describe_volumes").paginate(VolumeIds=sys.argv[1:])
    for volume in page["Volumes"]
    if volume["State"] not in ["in-use", "available"]
]
if others:
    print("cannot be copied now:", others)
    sys.exit(1)
print("all can be copied")
print(json.dumps({"status": "ready"}))
