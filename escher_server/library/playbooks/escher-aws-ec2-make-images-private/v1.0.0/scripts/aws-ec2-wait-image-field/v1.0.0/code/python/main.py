"""Waits until the field argv[1] of each given image is argv[2], at most two minutes for one."""

import json
import sys
import time

import boto3

ec2 = boto3.client("ec2")
for image_id in sys.argv[3:]:
    found = "unknown"
    for attempt in [1, 2, 3, 4, 5, 6]:
        if found != sys.argv[2]:
            if attempt != 1:
                time.sleep(20)
            found = str(ec2.describe_images(ImageIds=[image_id])["Images"][0].get(sys.argv[1]))
    if found != sys.argv[2]:
        print(sys.argv[1], "of", image_id, "is", found, "and not", sys.argv[2])
        sys.exit(1)
    print(sys.argv[1], "of", image_id, "is", found)
print(json.dumps({"status": "as wanted"}))
