"""Waits until each given function is active, at most five minutes for one."""

import json
import sys

import boto3

waiter = boto3.client("lambda").get_waiter("function_active")
for name in sys.argv[1:]:
    waiter.wait(FunctionName=name)
    print(name, "is active")
print(json.dumps({"status": "active"}))
