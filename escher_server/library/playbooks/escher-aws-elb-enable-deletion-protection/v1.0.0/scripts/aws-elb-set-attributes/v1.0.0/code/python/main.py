"""Sets the attributes of the load balancer argv[1] to those in argv[2]."""

import json
import sys

import boto3

boto3.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> attributes set")
print(json.dumps({"status": "set"}))
