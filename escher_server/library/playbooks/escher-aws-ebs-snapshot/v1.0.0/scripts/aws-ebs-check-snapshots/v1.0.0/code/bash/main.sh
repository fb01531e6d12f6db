#!/usr/bin/env bash
set -euo pipefail
# Has each volume a snapshot that bears the tag of this plan ($1), and none in error?
for id in "${@:2}"; do
  begun=$(aws ec2 describe-snapshots --owner-ids self \
    --filters "Name=volume-id,Values=$id" "Name=tag:escher:plan,Values=$1" \
    --query "length(Snapshots[?State!='error'])" --output json)
  if [[ "$begun" == "0" ]]; then
    echo "$id has no snapshot of $1" >&2
    exit 1
  fi
  echo "$id has its snapshot; AWS completes it in the background"
done
echo '{"status": "begun"}'
