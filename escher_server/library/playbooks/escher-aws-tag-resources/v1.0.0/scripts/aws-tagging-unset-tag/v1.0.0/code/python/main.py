"""Takes the tag whose key is in argv[2] off the resource with the ARN argv[1]."""

import json
import sys

import boto3

tagging = boto3.client("resourcegroupstaggingapi")
answer = tagging.untag_resources(ResourceARNList=[sys.argv[1]], **json.loads(sys.argv[2]))
if answer["FailedResourcesMap"]:
    print(json.dumps(answer["FailedResourcesMap"]))
    sys.exit(1)
print(sys.argv[1], "-> tag taken off")
print(json.dumps({"status": "untagged"}))
