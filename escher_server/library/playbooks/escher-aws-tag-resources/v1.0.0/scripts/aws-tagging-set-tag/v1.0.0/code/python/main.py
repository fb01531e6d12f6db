"""Gives the resource with the ARN argv[1] the tag in argv[2]."""

import json
import sys

import boto3

tagging = boto3.client("resourcegroupstaggingapi")
answer = tagging.tag_resources(ResourceARNList=[sys.argv[1]], **json.loads(sys.argv[2]))
if answer["FailedResourcesMap"]:
    print(json.dumps(answer["FailedResourcesMap"]))
    sys.exit(1)
print(sys.argv[1], "-> tag set")
print(json.dumps({"status": "tagged"}))
