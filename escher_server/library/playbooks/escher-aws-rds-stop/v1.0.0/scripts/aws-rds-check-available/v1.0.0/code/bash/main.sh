#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given RDS instances is not available and on its own, without cluster or replica. Reads only.
for id in "$@"; do
  refused=$(aws rds describe-db-instances --db-instance-identifier "$id" \
    --query "DBInstances[?DBInstanceStatus!='available' || DBClusterIdentifier || ReadReplicaSourceDBInstanceIdentifier ||
      ReadReplicaDBInstanceIdentifiers].DBInstanceStatus" --output text)
  if [[ -n "$refused" ]]; then
    echo "$id is $refused, or part of a cluster or replication: it is left alone" >&2
    exit 1
  fi
  echo "$id can be stopped"
done
echo '{"status": "available"}'
