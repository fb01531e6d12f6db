"""Prints the tags that the given roles have now. Reads only."""

import json
import sys

import boto3

iam = boto3.client("iam")
for role in sys.argv[1:]:
    for tag in iam.list_role_tags(RoleName=role)["Tags"]:
        print(role, "has now", tag["Key"], tag["Value"])
print(json.dumps({"status": "read"}))
