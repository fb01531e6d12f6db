"""Is scanning on push argv[1] for each given repository?"""

import json
import sys

import boto3

ecr = boto3.client("ecr")
for name in sys.argv[2:]:
    repository = ecr.describe_repositories(repositoryNames=[name])["repositories"][0]
    found = str(repository["imageScanningConfiguration"]["scanOnPush"])
    if found != sys.argv[1]:
        print("scanning on push of", name, "is", found, "and not", sys.argv[1])
        sys.exit(1)
    print("scanning on push of", name, "is", found)
print(json.dumps({"status": "as wanted"}))
