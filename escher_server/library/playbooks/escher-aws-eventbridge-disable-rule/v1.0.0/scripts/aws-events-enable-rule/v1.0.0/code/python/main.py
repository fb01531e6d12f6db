"""Enables the rule argv[1], which argv[2] names."""

import json
import sys

import boto3

boto3.client("events").enable_rule(**json.loads(sys.argv[2]))
print(sys.argv[1], "-> enabled")
print(json.dumps({"status": "enabled"}))
