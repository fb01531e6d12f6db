"""Sets whether the metadata service of each given instance asks for a token (argv[1]: required or optional)."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for instance_id in sys.argv[2:]:
    ec2.modify_instance_metadata_options(InstanceId=instance_id, HttpTokens=sys.argv[1], HttpEndpoint="enabled")
    print(instance_id, "-> tokens", sys.argv[1])
print(json.dumps({"status": "set"}))
