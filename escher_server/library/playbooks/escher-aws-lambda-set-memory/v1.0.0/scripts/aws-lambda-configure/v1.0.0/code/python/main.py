"""Changes the configuration of the function argv[1] as argv[2] says; nothing of it is printed."""

import json
import sys

import boto3

boto3.client("lambda").update_function_configuration(FunctionName=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> configuration sent")
print(json.dumps({"status": "sent"}))
