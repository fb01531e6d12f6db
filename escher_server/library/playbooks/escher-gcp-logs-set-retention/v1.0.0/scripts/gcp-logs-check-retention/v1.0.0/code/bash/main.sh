#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the log bucket of the third argument keeps entries for as many days as the first says. Reads only.
days=$(gcloud logging buckets describe "$3" --location="$2" --format="value(retentionDays)")
if [[ "$days" != "$1" ]]; then
  echo "$3 keeps entries for $days days, not $1" >&2
  exit 1
fi
echo "$3 keeps entries for $days days"
echo '{"status": "checked"}'
