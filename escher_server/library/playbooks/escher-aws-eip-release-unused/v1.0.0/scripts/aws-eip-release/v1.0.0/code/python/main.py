"""Gives each given address back to AWS, which refuses one that is associated."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for allocation_id in sys.argv[1:]:
    ec2.release_address(AllocationId=allocation_id)
    print(allocation_id, "unused -> released")
print(json.dumps({"status": "released"}))
