"""Ends with 1 when any of the given keys is not enabled. Reads only."""

import json
import sys

import boto3

kms = boto3.client("kms")
for key_id in sys.argv[1:]:
    state = kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]
    if state != "Enabled":
        print(key_id, "is", state, "so it cannot be rotated")
        sys.exit(1)
    print(key_id, "is enabled")
print(json.dumps({"status": "enabled"}))
