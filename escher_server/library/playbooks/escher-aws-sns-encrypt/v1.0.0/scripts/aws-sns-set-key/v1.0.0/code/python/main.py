"""Sets the KMS key of the topic argv[1] to the one in argv[2]."""

import json
import sys

import boto3

boto3.client("sns").set_topic_attributes(TopicArn=sys.argv[1], **json.loads(sys.argv[2]))
print(sys.argv[1], "-> key set")
print(json.dumps({"status": "set"}))
