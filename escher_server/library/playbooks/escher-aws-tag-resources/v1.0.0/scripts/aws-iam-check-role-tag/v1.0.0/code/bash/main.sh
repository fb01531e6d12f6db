#!/usr/bin/env bash
set -euo pipefail
# Has the role $1 a tag with the key $2? IAM sets key and value in one, so the key tells.
count=$(aws iam list-role-tags --role-name "$1" --query "length(Tags[?Key=='$2'])" --output json)
if [[ "$count" == "0" ]]; then
  echo "$1 does not have the tag $2" >&2
  exit 1
fi
echo "$1 has the tag $2"
echo '{"status": "tagged"}'
