"""Waits until the Auto Scaling group argv[2], which argv[3] asks for, has argv[1] instances, at most five minutes."""

import json
import sys
import time

import boto3

autoscaling = boto3.client("autoscaling")
found = "unknown"
for attempt in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]:
    if found != sys.argv[1]:
        if attempt != 1:
            time.sleep(30)
        answer = autoscaling.describe_auto_scaling_groups(**json.loads(sys.argv[3]))
        found = str(len(answer["AutoScalingGroups"][0]["Instances"]))
if found != sys.argv[1]:
    print(sys.argv[2], "has", found, "instances and not", sys.argv[1])
    sys.exit(1)
print(sys.argv[2], "has", found, "instances")
print(json.dumps({"status": "scaled"}))
