"""Is the metadata service of each given instance set to tokens argv[1]?"""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for page in ec2.get_paginator("describe_instances").paginate(InstanceIds=sys.argv[2:]):
    for reservation in page["Reservations"]:
        for instance in reservation["Instances"]:
            found = instance["MetadataOptions"]["HttpTokens"]
            if found != sys.argv[1]:
                print("tokens of", instance["InstanceId"], "are", found, "and not", sys.argv[1])
                sys.exit(1)
            print("tokens of", instance["InstanceId"], "are", found)
print(json.dumps({"status": "set"}))
