#!/usr/bin/env bash
set -euo pipefail
# Sets the rule by which S3 encrypts new objects of bucket $1 to the one in $2.
aws s3api put-bucket-encryption --bucket "$1" --cli-input-json "$2"
echo "$1 -> encryption set"
echo '{"status": "set"}'
