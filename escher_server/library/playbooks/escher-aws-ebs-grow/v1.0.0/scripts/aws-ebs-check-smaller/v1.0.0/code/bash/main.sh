#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given volumes is not in use or available with less than $1 GiB. Reads only.
for id in "${@:2}"; do
  fitting=$(aws ec2 describe-volumes --volume-ids "$id" \
    --query "length(Volumes[?Size<\`$1\` && (State=='in-use' || State=='available')])" --output json)
  if [[ "$fitting" != "1" ]]; then
    echo "$id has $1 GiB or more already, or cannot be changed now" >&2
    exit 1
  fi
  echo "$id has less than $1 GiB"
done
echo '{"status": "smaller"}'
