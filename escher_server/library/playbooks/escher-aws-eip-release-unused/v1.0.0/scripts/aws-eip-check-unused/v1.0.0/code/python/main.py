"""Ends with 1 when any of the given addresses is associated with something. Reads only."""

import json
import sys

import boto3

used = [
    address["AllocationId"]
    for address in boto3.client("ec2").describe_addresses(AllocationIds=sys.argv[1:])["Addresses"]
    if address.get("AssociationId") or address.get("InstanceId") or address.get("NetworkInterfaceId")
]
if used:
    print("in use:", used)
    sys.exit(1)
print("none is in use")
print(json.dumps({"status": "unused"}))
