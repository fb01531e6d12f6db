"""Prints for each given image which instances were started from it; ends with 1 when one is not there. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
ec2.describe_images(ImageIds=sys.argv[1:], IncludeDisabled=True)
for image_id in sys.argv[1:]:
    users = [
        instance["InstanceId"]
        for page in ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "image-id", "Values": [image_id]}]
        )
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
        if instance["State"]["Name"] != "terminated"
    ]
    print(image_id, "is there, and used by", users)
print(json.dumps({"status": "read"}))
