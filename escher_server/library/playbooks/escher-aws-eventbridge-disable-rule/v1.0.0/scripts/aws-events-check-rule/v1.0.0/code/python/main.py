"""Is the rule argv[2], which argv[3] asks for, in the state argv[1]?"""

import json
import sys

import boto3

found = boto3.client("events").describe_rule(**json.loads(sys.argv[3]))["State"]
if found != sys.argv[1]:
    print(sys.argv[2], "is", found, "and not", sys.argv[1])
    sys.exit(1)
print(sys.argv[2], "is", found)
print(json.dumps({"status": "as wanted"}))
