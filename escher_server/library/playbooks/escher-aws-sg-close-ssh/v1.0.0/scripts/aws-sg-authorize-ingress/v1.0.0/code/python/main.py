"""Gives the group argv[1] the incoming rule in argv[2]."""

import json
import sys

import boto3

boto3.client("ec2").authorize_security_group_ingress(GroupId=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> rule given")
print(json.dumps({"status": "open"}))
