"""Prints the tags that the given things of EC2 have now. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for page in ec2.get_paginator("describe_tags").paginate(Filters=[{"Name": "resource-id", "Values": sys.argv[1:]}]):
    for tag in page["Tags"]:
        print(tag["ResourceId"], "has now", tag["Key"], tag["Value"])
print(json.dumps({"status": "read"}))
