"""Stops each given trail from logging."""

import json
import sys

import boto3

cloudtrail = boto3.client("cloudtrail")
for arn in sys.argv[1:]:
    cloudtrail.stop_logging(Name=arn)
    print(arn, "-> logging off")
print(json.dumps({"status": "silent"}))
