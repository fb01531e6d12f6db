"""Waits until each given function has taken its last change, at most five minutes for one."""

import json
import sys

import boto3

waiter = boto3.client("lambda").get_waiter("function_updated")
for name in sys.argv[1:]:
    waiter.wait(FunctionName=name)
    print(name, "has taken its last change")
print(json.dumps({"status": "updated"}))
