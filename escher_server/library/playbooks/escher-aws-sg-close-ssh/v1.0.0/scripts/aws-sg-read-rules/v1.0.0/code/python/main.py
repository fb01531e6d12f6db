"""Prints how many incoming permissions each given group has; there is nothing to change in it here. Reads only."""

import json
import sys

import boto3

for group in boto3.client("ec2").describe_security_groups(GroupIds=sys.argv[1:])["SecurityGroups"]:
    print(group["GroupId"], "has", len(group["IpPermissions"]), "incoming permissions")
print(json.dumps({"status": "read"}))
