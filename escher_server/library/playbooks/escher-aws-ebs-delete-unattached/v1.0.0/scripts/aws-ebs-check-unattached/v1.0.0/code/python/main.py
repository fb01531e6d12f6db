"""Ends with 1 when any of the given volumes is attached to anything. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
others = [
    f"{volume['VolumeId']} is {volume['State']}"
    for page in ec2.get_paginator("describe_volumes").paginate(VolumeIds=sys.argv[1:])
    for volume in page["Volumes"]
    if volume["State"] != "available" or volume["Attachments"]
]
if others:
    print("not unattached:", others)
    sys.exit(1)
print("none is attached")
print(json.dumps({"status": "unattached"}))
