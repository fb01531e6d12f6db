"""May the Auto Scaling group argv[2], which argv[3] asks for, have argv[1] instances? Reads only."""

import json
import sys

import boto3

groups = boto3.client("autoscaling").describe_auto_scaling_groups(**json.loads(sys.argv[3]))["AutoScalingGroups"]
if not [group for group in groups if group["MinSize"] <= int(sys.argv[1]) and group["MaxSize"] >= int(sys.argv[1])]:
    print(sys.argv[1], "is not within minimum and maximum of", sys.argv[2])
    sys.exit(1)
print(sys.argv[2], "may have", sys.argv[1], "instances")
print(json.dumps({"status": "fits"}))
