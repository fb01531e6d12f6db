#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given databases keeps its backups for other than $1 days. Reads only.
for id in "${@:2}"; do
  days=$(az sql db str-policy show --ids "$id" --query retentionDays --output tsv)
  if [[ "$days" != "$1" ]]; then
    echo "$id keeps its backups for $days days" >&2
    exit 1
  fi
  echo "$id keeps its backups for $days days"
done
echo '{"status": "checked"}'
