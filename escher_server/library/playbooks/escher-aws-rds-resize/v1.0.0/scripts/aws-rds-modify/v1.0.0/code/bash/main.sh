#!/usr/bin/env bash
set -euo pipefail
# Changes the settings of the RDS instance $1 to those in $2.
aws rds modify-db-instance --db-instance-identifier "$1" --cli-input-json "$2" >/dev/null
echo "$1 -> settings sent"
echo '{"status": "sent"}'
