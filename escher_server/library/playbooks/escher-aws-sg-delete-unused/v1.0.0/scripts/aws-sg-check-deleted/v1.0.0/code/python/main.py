"""Ends with 1 when any of the given groups is still there."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
left = ec2.describe_security_groups(Filters=[{"Name": "group-id", "Values": sys.argv[1:]}])["SecurityGroups"]
if left:
    print("still there:", [group["GroupId"] for group in left])
    sys.exit(1)
print("all are gone")
print(json.dumps({"status": "gone"}))
