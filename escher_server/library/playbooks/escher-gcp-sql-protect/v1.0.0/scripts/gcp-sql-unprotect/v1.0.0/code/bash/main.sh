#!/usr/bin/env bash
set -euo pipefail
# Takes deletion protection off Cloud SQL instances, and waits until that is done.
for instance in "$@"; do
  gcloud sql instances patch "$instance" --no-deletion-protection --quiet --no-user-output-enabled
  echo "$instance: deletion protection off"
done
echo '{"status": "set"}'
