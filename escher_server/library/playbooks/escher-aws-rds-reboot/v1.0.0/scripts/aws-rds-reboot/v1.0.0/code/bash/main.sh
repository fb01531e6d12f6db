#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to reboot each given RDS instance; the API takes one a call.
for id in "$@"; do
  aws rds reboot-db-instance --db-instance-identifier "$id" >/dev/null
  echo "$id available -> rebooting"
done
echo '{"status": "rebooting"}'
