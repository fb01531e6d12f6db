#!/usr/bin/env bash
set -euo pipefail
# Gives the role $1 the tag in $2.
aws iam tag-role --role-name "$1" --cli-input-json "$2"
echo "$1 -> tag set"
echo '{"status": "tagged"}'
