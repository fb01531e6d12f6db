"""Is the KMS key argv[1] enabled in this region, and is each topic there? Reads only."""

import json
import sys

import boto3

state = boto3.client("kms").describe_key(KeyId=sys.argv[1])["KeyMetadata"]["KeyState"]
if state != "Enabled":
    print("the key", sys.argv[1], "is", state, "so nothing could be published")
    sys.exit(1)
sns = boto3.client("sns")
for arn in sys.argv[2:]:
    sns.get_topic_attributes(TopicArn=arn)
    print(arn, "is there")
print(json.dumps({"status": "ready"}))
