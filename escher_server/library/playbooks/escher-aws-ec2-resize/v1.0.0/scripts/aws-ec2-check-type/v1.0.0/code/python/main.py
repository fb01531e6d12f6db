"""Are the given instances of the type argv[1]?"""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for page in ec2.get_paginator("describe_instances").paginate(InstanceIds=sys.argv[2:]):
    for reservation in page["Reservations"]:
        for instance in reservation["Instances"]:
            if instance["InstanceType"] != sys.argv[1]:
                print(instance["InstanceId"], "is of type", instance["InstanceType"], "and not", sys.argv[1])
                sys.exit(1)
            print(instance["InstanceId"], "is", sys.argv[1])
print(json.dumps({"status": "resized"}))
