#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when the activation policy of an instance is not the first argument. Reads only.
for instance in "${@:2}"; do
  found=$(gcloud sql instances describe "$instance" --format="value(settings.activationPolicy)")
  if [[ "$found" != "$1" ]]; then
    echo "$instance: $found, not $1" >&2
    exit 1
  fi
  echo "$instance: $found"
done
echo '{"status": "checked"}'
