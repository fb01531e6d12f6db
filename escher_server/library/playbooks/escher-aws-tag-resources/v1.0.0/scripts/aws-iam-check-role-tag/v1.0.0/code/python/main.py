"""Has the role argv[1] a tag with the key argv[2]? IAM sets key and value in one, so the key tells."""

import json
import sys

import boto3

tags = boto3.client("iam").list_role_tags(RoleName=sys.argv[1])["Tags"]
if sys.argv[2] not in [tag["Key"] for tag in tags]:
    print(sys.argv[1], "does not have the tag", sys.argv[2])
    sys.exit(1)
print(sys.argv[1], "has the tag", sys.argv[2])
print(json.dumps({"status": "tagged"}))
