#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when one of the given firewall rules is on. Reads only.
for name in "$@"; do
  disabled=$(gcloud compute firewall-rules describe "$name" --format="value(disabled)")
  if [[ "$disabled" != "True" ]]; then
    echo "$name is on" >&2
    exit 1
  fi
  echo "$name is off"
done
echo '{"status": "disabled"}'
