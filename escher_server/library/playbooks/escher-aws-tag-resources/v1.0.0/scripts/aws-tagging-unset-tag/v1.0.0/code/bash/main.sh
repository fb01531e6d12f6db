#!/usr/bin/env bash
set -euo pipefail
# Takes the tag whose key is in $2 off the resource with the ARN $1. AWS answers with what failed.
aws resourcegroupstaggingapi untag-resources --resource-arn-list "$1" --cli-input-json "$2"
echo "$1 -> tag taken off"
echo '{"status": "untagged"}'
