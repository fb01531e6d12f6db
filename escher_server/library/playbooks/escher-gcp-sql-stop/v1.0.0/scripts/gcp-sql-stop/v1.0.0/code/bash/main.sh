#!/usr/bin/env bash
set -euo pipefail
# Stops Cloud SQL instances, and waits until that is done.
for instance in "$@"; do
  gcloud sql instances patch "$instance" --activation-policy=never --quiet --no-user-output-enabled
  echo "$instance: stopped"
done
echo '{"status": "set"}'
