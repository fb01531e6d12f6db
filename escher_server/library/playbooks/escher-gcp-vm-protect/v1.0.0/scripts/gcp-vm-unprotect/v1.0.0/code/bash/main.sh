#!/usr/bin/env bash
set -euo pipefail
# Switches deletion protection off for each given instance.
for instance in "$@"; do
  gcloud compute instances update "$instance" --no-deletion-protection --quiet --no-user-output-enabled
  echo "$instance: deletion protection off"
done
echo '{"status": "unprotected"}'
