#!/usr/bin/env bash
set -euo pipefail
# Sets the four settings of Block Public Access of bucket $1 to those in $2.
aws s3api put-public-access-block --bucket "$1" --cli-input-json "$2"
echo "$1 -> public access settings set"
echo '{"status": "set"}'
