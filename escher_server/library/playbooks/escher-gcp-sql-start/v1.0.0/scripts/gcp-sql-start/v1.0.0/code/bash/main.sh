#!/usr/bin/env bash
set -euo pipefail
# Starts Cloud SQL instances, and waits until that is done.
for instance in "$@"; do
  gcloud sql instances patch "$instance" --activation-policy=always --quiet --no-user-output-enabled
  echo "$instance: started"
done
echo '{"status": "set"}'
