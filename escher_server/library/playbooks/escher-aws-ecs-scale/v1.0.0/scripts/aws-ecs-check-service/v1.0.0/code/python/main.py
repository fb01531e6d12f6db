"""Is the service argv[2] of the cluster argv[1] active? Reads only."""

import json
import sys

import boto3

answer = boto3.client("ecs").describe_services(cluster=sys.argv[1], services=[sys.argv[2]])
found = [service["status"] for service in answer["services"]]
if found != ["ACTIVE"]:
    print(sys.argv[2], "is", found, "and not ACTIVE")
    sys.exit(1)
print(sys.argv[2], "is active")
print(json.dumps({"status": "active"}))
