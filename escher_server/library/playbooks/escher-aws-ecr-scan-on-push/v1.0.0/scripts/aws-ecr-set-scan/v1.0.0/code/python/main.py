"""Sets whether the repository argv[1] scans images when they are pushed, as argv[2] says."""

import json
import sys

import boto3

boto3.client("ecr").put_image_scanning_configuration(repositoryName=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> scanning set")
print(json.dumps({"status": "set"}))
