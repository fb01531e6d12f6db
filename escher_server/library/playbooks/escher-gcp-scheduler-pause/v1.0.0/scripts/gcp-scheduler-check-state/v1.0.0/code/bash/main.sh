#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the job of the third argument has the state of the first. Reads only.
state=$(gcloud scheduler jobs describe "$3" --location="$2" --format="value(state)")
if [[ "$state" != "$1" ]]; then
  echo "$3 is $state, not $1" >&2
  exit 1
fi
echo "$3 is $state"
echo '{"status": "checked"}'
