"""Is the attribute argv[1] of each given load balancer argv[2]?"""

import json
import sys

import boto3

elbv2 = boto3.client("elbv2")
for arn in sys.argv[3:]:
    attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    found = [attribute["Value"] for attribute in attributes if attribute["Key"] == sys.argv[1]]
    if found != [sys.argv[2]]:
        print(sys.argv[1], "of", arn, "is", found, "and not", sys.argv[2])
        sys.exit(1)
    print(sys.argv[1], "of", arn, "is", sys.argv[2])
print(json.dumps({"status": "set"}))
