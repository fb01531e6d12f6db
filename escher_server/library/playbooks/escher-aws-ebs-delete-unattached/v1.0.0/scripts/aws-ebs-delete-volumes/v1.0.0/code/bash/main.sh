#!/usr/bin/env bash
set -euo pipefail
# Deletes each given volume; AWS itself refuses one that is attached.
for id in "$@"; do
  aws ec2 delete-volume --volume-id "$id"
  echo "$id available -> deleted"
done
echo '{"status": "deleted"}'
