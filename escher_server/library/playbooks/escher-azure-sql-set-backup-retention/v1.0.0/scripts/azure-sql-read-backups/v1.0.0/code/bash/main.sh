#!/usr/bin/env bash
set -euo pipefail
# Prints for how many days each of the given databases keeps its backups. Reads only.
for id in "$@"; do
  days=$(az sql db str-policy show --ids "$id" --query retentionDays --output tsv)
  echo "$id keeps its backups now for $days days"
done
echo '{"status": "read"}'
