"""Gives the stopped instance argv[2] the type argv[1]."""

import json
import sys

import boto3

boto3.client("ec2").modify_instance_attribute(InstanceId=sys.argv[2], InstanceType={"Value": sys.argv[1]})
print(sys.argv[2], "->", sys.argv[1])
print(json.dumps({"status": "resized"}))
