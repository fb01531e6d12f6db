#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given disks is in use. Reads only.
for id in "$@"; do
  found=$(az disk show --ids "$id" --query "diskState" --output tsv)
  if [[ "$found" != "Unattached" ]]; then
    echo "$id: the state is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "unattached"}'
