"""Sets how many tasks the service argv[2] of the cluster argv[1] should run: argv[3]."""

import json
import sys

import boto3

boto3.client("ecs").update_service(cluster=sys.argv[1], service=sys.argv[2], desiredCount=int(sys.argv[3]))
print(sys.argv[2], "->", sys.argv[3], "tasks")
print(json.dumps({"status": "set"}))
