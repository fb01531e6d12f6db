"""Has the thing argv[1] of EC2 the tag that the filter argv[2] asks for?"""

import json
import sys

import boto3

if not boto3.client("ec2").describe_tags(**json.loads(sys.argv[2]))["Tags"]:
    print(sys.argv[1], "does not have the tag")
    sys.exit(1)
print(sys.argv[1], "has the tag")
print(json.dumps({"status": "tagged"}))
