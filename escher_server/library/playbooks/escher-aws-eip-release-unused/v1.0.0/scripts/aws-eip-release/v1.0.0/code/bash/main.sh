#!/usr/bin/env bash
set -euo pipefail
# Gives each given address back to AWS, which refuses one that is associated.
for id in "$@"; do
  aws ec2 release-address --allocation-id "$id"
  echo "$id unused -> released"
done
echo '{"status": "released"}'
