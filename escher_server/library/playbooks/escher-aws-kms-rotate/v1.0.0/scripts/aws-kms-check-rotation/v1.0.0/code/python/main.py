"""Ends with 1 when any of the given keys is not rotated by KMS."""

import json
import sys

import boto3

kms = boto3.client("kms")
for key_id in sys.argv[1:]:
    if not kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"]:
        print(key_id, "is not rotated")
        sys.exit(1)
    print(key_id, "is rotated")
print(json.dumps({"status": "rotated"}))
