#!/usr/bin/env bash
set -euo pipefail
# Protects Cloud SQL instances against deletion, and waits until that is done.
for instance in "$@"; do
  gcloud sql instances patch "$instance" --deletion-protection --quiet --no-user-output-enabled
  echo "$instance: deletion protection on"
done
echo '{"status": "set"}'
