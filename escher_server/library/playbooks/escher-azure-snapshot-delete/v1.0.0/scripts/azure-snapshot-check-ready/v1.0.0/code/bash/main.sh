#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given snapshots is in use. Reads only.
for id in "$@"; do
  found=$(az snapshot show --ids "$id" --query "diskState" --output tsv)
  if [[ "$found" != "Unattached" ]]; then
    echo "$id: the state is $found" >&2
    exit 1
  fi
  echo "$id: as expected"
done
echo '{"status": "ready"}'
