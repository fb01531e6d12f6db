"""Prints the tags that the given resources have now. Reads only."""

import json
import sys

import boto3

found = boto3.client("resourcegroupstaggingapi").get_resources(ResourceARNList=sys.argv[1:])
for mapping in found["ResourceTagMappingList"]:
    for tag in mapping["Tags"]:
        print(mapping["ResourceARN"], "has now", tag["Key"], tag["Value"])
print(json.dumps({"status": "read"}))
