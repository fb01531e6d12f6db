"""Ends with 1 when any of the given load balancers is not active. Reads only."""

import json
import sys

import boto3

elbv2 = boto3.client("elbv2")
for arn in sys.argv[1:]:
    state = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["State"]["Code"]
    if state != "active":
        print(arn, "is", state, "and not active")
        sys.exit(1)
    print(arn, "is active")
print(json.dumps({"status": "active"}))
