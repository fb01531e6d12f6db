"""Should the service argv[2] of the cluster argv[1] run argv[3] tasks, as AWS has it?"""

import json
import sys

import boto3

service = boto3.client("ecs").describe_services(cluster=sys.argv[1], services=[sys.argv[2]])["services"][0]
if str(service["desiredCount"]) != sys.argv[3]:
    print(sys.argv[2], "should run", service["desiredCount"], "tasks and not", sys.argv[3])
    sys.exit(1)
print(sys.argv[2], "should run", service["desiredCount"], "tasks, and runs", service["runningCount"], "so far")
print(json.dumps({"status": "scaled"}))
