#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when an instance has another status than the first argument says. Reads only.
for instance in "${@:2}"; do
  status=$(gcloud compute instances describe "$instance" --format="value(status)")
  if [[ "$status" != "$1" ]]; then
    echo "$instance is $status, not $1" >&2
    exit 1
  fi
  echo "$instance is $status"
done
echo '{"status": "checked"}'
