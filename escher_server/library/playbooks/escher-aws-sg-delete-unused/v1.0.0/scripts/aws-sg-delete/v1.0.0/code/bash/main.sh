#!/usr/bin/env bash
set -euo pipefail
# Deletes each given group; AWS itself refuses one that is in use.
for id in "$@"; do
  aws ec2 delete-security-group --group-id "$id" >/dev/null
  echo "$id -> deleted"
done
echo '{"status": "deleted"}'
