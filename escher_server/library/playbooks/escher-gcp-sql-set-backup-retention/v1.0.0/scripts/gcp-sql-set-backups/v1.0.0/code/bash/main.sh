#!/usr/bin/env bash
set -euo pipefail
# Sets how many backups Cloud SQL instances keep, and waits until that is done.
for instance in "${@:2}"; do
  gcloud sql instances patch "$instance" --retained-backups-count="$1" --quiet --no-user-output-enabled
  echo "$instance: $1 backups"
done
echo '{"status": "set"}'
