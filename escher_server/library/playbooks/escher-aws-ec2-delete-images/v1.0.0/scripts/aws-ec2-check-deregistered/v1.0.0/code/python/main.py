"""Ends with 1 when any of the given images is still there although no instance uses it."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
left = [image["ImageId"] for image in ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]]
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
    if image_id in left and not users:
        print(image_id, "is still there")
        sys.exit(1)
    print(image_id, "is gone, or used by instances")
print(json.dumps({"status": "gone"}))
