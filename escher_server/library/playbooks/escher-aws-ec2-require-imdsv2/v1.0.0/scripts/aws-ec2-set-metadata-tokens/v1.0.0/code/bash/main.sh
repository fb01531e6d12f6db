#!/usr/bin/env bash
set -euo pipefail
# Sets whether the metadata service of each given instance asks for a token ($1: required or optional).
for id in "${@:2}"; do
  aws ec2 modify-instance-metadata-options --instance-id "$id" --http-tokens "$1" --http-endpoint enabled >/dev/null
  echo "$id -> tokens $1"
done
echo '{"status": "set"}'
