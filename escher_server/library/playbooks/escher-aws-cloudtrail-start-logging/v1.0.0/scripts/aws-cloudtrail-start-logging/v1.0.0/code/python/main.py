"""Lets each given trail log again."""

import json
import sys

import boto3

cloudtrail = boto3.client("cloudtrail")
for arn in sys.argv[1:]:
    cloudtrail.start_logging(Name=arn)
    print(arn, "-> logging on")
print(json.dumps({"status": "logging"}))
