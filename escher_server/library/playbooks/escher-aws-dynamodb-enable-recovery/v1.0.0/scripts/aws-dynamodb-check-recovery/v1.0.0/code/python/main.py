"""Is point-in-time recovery of each given table argv[1]?"""

import json
import sys

import boto3

dynamodb = boto3.client("dynamodb")
for table in sys.argv[2:]:
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    found = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    if found != sys.argv[1]:
        print("recovery of", table, "is", found, "and not", sys.argv[1])
        sys.exit(1)
    print("recovery of", table, "is", found)
print(json.dumps({"status": "set"}))
