"""Deregisters each given image, but leaves one alone that an instance was started from."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
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
    if users:
        print(image_id, "is used by", users, "and is left alone")
    else:
        ec2.deregister_image(ImageId=image_id)
        print(image_id, "-> deregistered")
print(json.dumps({"status": "deregistered"}))
