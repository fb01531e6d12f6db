#!/usr/bin/env bash
set -euo pipefail
# Gives the resource with the ARN $1 the tag in $2. AWS answers with what failed; the next step checks that nothing did.
aws resourcegroupstaggingapi tag-resources --resource-arn-list "$1" --cli-input-json "$2"
echo "$1 -> tag set"
echo '{"status": "tagged"}'
