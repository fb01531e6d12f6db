#!/usr/bin/env bash
set -euo pipefail
# Prints for how many days each of the given workspaces keeps its logs. Reads only.
for id in "$@"; do
  found=$(az monitor log-analytics workspace show --ids "$id" --query "retentionInDays" --output tsv)
  echo "$id: the retention in days is now $found"
done
echo '{"status": "read"}'
