"""Ends with 1 when any given group is a default group, on a network interface, or named by another group. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
groups = [
    group for page in ec2.get_paginator("describe_security_groups").paginate() for group in page["SecurityGroups"]
]
for group_id in sys.argv[1:]:
    default = [group for group in groups if group["GroupId"] == group_id and group["GroupName"] == "default"]
    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group_id]}])
    others = [
        group["GroupId"]
        for group in groups
        if group["GroupId"] != group_id
        for side in ["IpPermissions", "IpPermissionsEgress"]
        for rule in group[side]
        for pair in rule["UserIdGroupPairs"]
        if pair["GroupId"] == group_id
    ]
    if default or others or interfaces["NetworkInterfaces"]:
        print(group_id, "is a default group, on a network interface, or named by", others)
        sys.exit(1)
    print(group_id, "is used by nothing")
print(json.dumps({"status": "unused"}))
