#!/usr/bin/env bash
set -euo pipefail
# Takes the tag whose key is in $2 off the role $1.
aws iam untag-role --role-name "$1" --cli-input-json "$2"
echo "$1 -> tag taken off"
echo '{"status": "untagged"}'
