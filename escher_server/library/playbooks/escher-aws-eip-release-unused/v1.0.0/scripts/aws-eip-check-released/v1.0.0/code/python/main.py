"""Ends with 1 when any of the given addresses still belongs to the account."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
left = ec2.describe_addresses(Filters=[{"Name": "allocation-id", "Values": sys.argv[1:]}])["Addresses"]
if left:
    print("still there:", [address["AllocationId"] for address in left])
    sys.exit(1)
for allocation_id in sys.argv[1:]:
    print(allocation_id, "gone")
print(json.dumps({"status": "gone"}))
