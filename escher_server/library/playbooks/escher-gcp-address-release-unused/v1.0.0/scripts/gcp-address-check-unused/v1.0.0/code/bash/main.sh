#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when one of the given regional addresses is in use. Reads only.
for address in "$@"; do
  status=$(gcloud compute addresses describe "$address" --format="value(status)")
  if [[ "$status" != "RESERVED" ]]; then
    echo "$address is $status" >&2
    exit 1
  fi
  echo "$address is used by nothing"
done
echo '{"status": "unused"}'
