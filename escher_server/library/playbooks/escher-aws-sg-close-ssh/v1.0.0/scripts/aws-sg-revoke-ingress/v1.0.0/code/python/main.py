"""Takes the incoming rule in argv[2] off the group argv[1]."""

import json
import sys

import boto3

boto3.client("ec2").revoke_security_group_ingress(GroupId=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> rule taken off")
print(json.dumps({"status": "closed"}))
