#!/usr/bin/env bash
set -euo pipefail
# Restarts the given Cloud SQL instances and waits until that is done.
for instance in "$@"; do
  gcloud sql instances restart "$instance" --quiet --no-user-output-enabled
  echo "$instance restarted"
done
echo '{"status": "restarted"}'
