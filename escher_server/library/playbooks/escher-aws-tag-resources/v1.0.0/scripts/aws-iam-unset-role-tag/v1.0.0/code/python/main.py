"""Takes the tag whose key is in argv[2] off the role argv[1]."""

import json
import sys

import boto3

boto3.client("iam").untag_role(RoleName=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> tag taken off")
print(json.dumps({"status": "untagged"}))
