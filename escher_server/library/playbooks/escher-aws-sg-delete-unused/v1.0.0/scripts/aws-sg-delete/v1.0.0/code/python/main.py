"""Deletes each given group; AWS itself refuses one that is in use."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for group_id in sys.argv[1:]:
    ec2.delete_security_group(GroupId=group_id)
    print(group_id, "-> deleted")
print(json.dumps({"status": "deleted"}))
