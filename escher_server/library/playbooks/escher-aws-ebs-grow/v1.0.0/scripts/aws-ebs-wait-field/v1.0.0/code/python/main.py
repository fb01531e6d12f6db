"""Waits until the field argv[1] of each given volume is argv[2], at most two minutes for one."""

import json
import sys
import time

import boto3

ec2 = boto3.client("ec2")
for volume_id in sys.argv[3:]:
    found = "unknown"
    for attempt in [1, 2, 3, 4, 5, 6]:
        if found != sys.argv[2]:
            if attempt != 1:
                time.sleep(20)
            found = str(ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0].get(sys.argv[1]))
    if found != sys.argv[2]:
        print(sys.argv[1], "of", volume_id, "is", found, "and not", sys.argv[2])
        sys.exit(1)
    print(sys.argv[1], "of", volume_id, "is", found)
print(json.dumps({"status": "as wanted"}))
