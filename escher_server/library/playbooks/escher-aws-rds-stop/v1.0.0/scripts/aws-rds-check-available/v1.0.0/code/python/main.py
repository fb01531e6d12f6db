"""Ends with 1 when any of the given RDS instances is not available and on its own, without cluster or replica. Reads only."""

import json
import sys

import boto3

rds = boto3.client("rds")
for identifier in sys.argv[1:]:
    instance = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]
    if (
        instance["DBInstanceStatus"] != "available"
        or instance.get("DBClusterIdentifier")
        or instance.get("ReadReplicaSourceDBInstanceIdentifier")
        or instance.get("ReadReplicaDBInstanceIdentifiers")
    ):
        print(identifier, "is", instance["DBInstanceStatus"], "or part of a cluster or replication: it is left alone")
        sys.exit(1)
    print(identifier, "can be stopped")
print(json.dumps({"status": "available"}))
