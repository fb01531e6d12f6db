"""Asks AWS to reboot every given instance, in one call."""

import json
import sys

import boto3

boto3.client("ec2").reboot_instances(InstanceIds=sys.argv[1:])
for instance_id in sys.argv[1:]:
    print(instance_id, "running -> rebooting")
print(json.dumps({"status": "rebooting"}))
