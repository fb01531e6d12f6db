"""Waits until the image of the plan argv[1] is complete for each given instance, at most ten minutes for one."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for instance_id in sys.argv[2:]:
    name = f"escher-{instance_id}-{sys.argv[1]}"
    found = ec2.describe_images(Owners=["self"], Filters=[{"Name": "name", "Values": [name]}])
    image_id = found["Images"][0]["ImageId"]
    ec2.get_waiter("image_available").wait(ImageIds=[image_id])
    print(instance_id, "is kept as", image_id)
print(json.dumps({"status": "available"}))
