#!/usr/bin/env bash
set -euo pipefail
# Waits until each given volume is gone, at most ten minutes.
for id in "$@"; do
  aws ec2 wait volume-deleted --volume-ids "$id"
  echo "$id gone"
done
echo '{"status": "gone"}'
