"""Ends with 1 when any of the given groups no longer lets the whole internet in at exactly the port argv[1]. Reads only."""

import json
import sys

import boto3

for group in boto3.client("ec2").describe_security_groups(GroupIds=sys.argv[2:])["SecurityGroups"]:
    rules = [
        rule
        for rule in group["IpPermissions"]
        if rule["IpProtocol"] == "tcp" and rule["FromPort"] == int(sys.argv[1]) and rule["ToPort"] == int(sys.argv[1])
    ]
    ipv4 = [one for rule in rules for one in rule["IpRanges"] if one["CidrIp"] == "0.0.0.0/0"]
    ipv6 = [one for rule in rules for one in rule["Ipv6Ranges"] if one["CidrIpv6"] == "::/0"]
    if not ipv4 and not ipv6:
        print(group["GroupId"], "does not let the internet in at", sys.argv[1], "any more")
        sys.exit(1)
    print(group["GroupId"], "lets the internet in at", sys.argv[1])
print(json.dumps({"status": "open"}))
