#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when an instance has another machine type than the first argument says. Reads only.
for instance in "${@:2}"; do
  found=$(gcloud compute instances describe "$instance" --format="value(machineType.basename())")
  if [[ "$found" != "$1" ]]; then
    echo "$instance is $found, not $1" >&2
    exit 1
  fi
  echo "$instance is $found"
done
echo '{"status": "checked"}'
