"""Does each given topic encrypt with the key argv[1]?"""

import json
import sys

import boto3

sns = boto3.client("sns")
for arn in sys.argv[2:]:
    found = sns.get_topic_attributes(TopicArn=arn)["Attributes"].get("KmsMasterKeyId")
    if found != sys.argv[1]:
        print(arn, "encrypts with", found, "and not", sys.argv[1])
        sys.exit(1)
    print(arn, "encrypts with", found)
print(json.dumps({"status": "encrypted"}))
