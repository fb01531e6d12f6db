#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when a Cloud SQL instance does not run. Reads only.
for instance in "$@"; do
  found=$(gcloud sql instances describe "$instance" --format="value[separator=' '](state,settings.activationPolicy)")
  if [[ "$found" != "RUNNABLE ALWAYS" ]]; then
    echo "$instance is $found" >&2
    exit 1
  fi
  echo "$instance runs"
done
echo '{"status": "running"}'
