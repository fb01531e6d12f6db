"""Is logging argv[1] for each given trail?"""

import json
import sys

import boto3

cloudtrail = boto3.client("cloudtrail")
for arn in sys.argv[2:]:
    found = str(cloudtrail.get_trail_status(Name=arn)["IsLogging"])
    if found != sys.argv[1]:
        print("logging of", arn, "is", found, "and not", sys.argv[1])
        sys.exit(1)
    print("logging of", arn, "is", found)
print(json.dumps({"status": "as wanted"}))
