"""Gives the thing argv[1] of EC2 the tag in argv[2]."""

import json
import sys

import boto3

boto3.client("ec2").create_tags(Resources=[sys.argv[1]], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> tag set")
print(json.dumps({"status": "tagged"}))
