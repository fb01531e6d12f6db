"""Lets KMS rotate each given key by itself."""

import json
import sys

import boto3

kms = boto3.client("kms")
for key_id in sys.argv[1:]:
    kms.enable_key_rotation(KeyId=key_id)
    print(key_id, "-> rotation enabled")
print(json.dumps({"status": "enabled"}))
