"""Is giving out public addresses argv[1] for each given subnet?"""

import json
import sys

import boto3

for subnet in boto3.client("ec2").describe_subnets(SubnetIds=sys.argv[2:])["Subnets"]:
    found = str(subnet["MapPublicIpOnLaunch"])
    if found != sys.argv[1]:
        print("giving out public addresses of", subnet["SubnetId"], "is", found, "and not", sys.argv[1])
        sys.exit(1)
    print("giving out public addresses of", subnet["SubnetId"], "is", found)
print(json.dumps({"status": "as wanted"}))
