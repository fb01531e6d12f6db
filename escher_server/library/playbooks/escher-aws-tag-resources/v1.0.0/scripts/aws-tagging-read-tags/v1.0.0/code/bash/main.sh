#!/usr/bin/env bash
set -euo pipefail
# Prints the tags that the given resources have now. Reads only.
aws resourcegroupstaggingapi get-resources --resource-arn-list "$@" \
  --query 'ResourceTagMappingList[].Tags[].[Key, Value]' --output text
echo '{"status": "read"}'
