"""Gives the role argv[1] the tag in argv[2]."""

import json
import sys

import boto3

boto3.client("iam").tag_role(RoleName=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> tag set")
print(json.dumps({"status": "tagged"}))
