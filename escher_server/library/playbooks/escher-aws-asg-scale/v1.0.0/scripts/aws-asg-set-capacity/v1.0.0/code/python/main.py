"""Sets how many instances the Auto Scaling group argv[1] should have; argv[2] holds both."""

import json
import sys

import boto3

boto3.client("autoscaling").set_desired_capacity(**json.loads(sys.argv[2]))
print(sys.argv[1], "-> capacity set")
print(json.dumps({"status": "set"}))
