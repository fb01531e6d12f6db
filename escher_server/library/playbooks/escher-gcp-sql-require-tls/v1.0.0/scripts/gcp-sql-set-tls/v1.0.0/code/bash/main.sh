#!/usr/bin/env bash
set -euo pipefail
# Sets the TLS mode of Cloud SQL instances, and waits until that is done.
for instance in "${@:2}"; do
  gcloud sql instances patch "$instance" --ssl-mode="$1" --quiet --no-user-output-enabled
  echo "$instance: $1"
done
echo '{"status": "set"}'
