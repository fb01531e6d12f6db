#!/usr/bin/env bash
set -euo pipefail
# Has the resource with the ARN $1 the tag that the filter $2 asks for? The tag index of AWS follows late.
count=0
for attempt in 1 2 3 4 5 6; do
  if [[ "$count" == "0" ]]; then
    if [[ "$attempt" != "1" ]]; then
      sleep 10
    fi
    count=$(aws resourcegroupstaggingapi get-resources --cli-input-json "$2" \
      --query "length(ResourceTagMappingList[?ResourceARN=='$1'])" --output json)
  fi
done
if [[ "$count" == "0" ]]; then
  echo "$1 does not have the tag" >&2
  exit 1
fi
echo "$1 has the tag"
echo '{"status": "tagged"}'
