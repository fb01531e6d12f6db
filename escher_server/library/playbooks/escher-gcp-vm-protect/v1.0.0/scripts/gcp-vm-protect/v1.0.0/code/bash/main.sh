#!/usr/bin/env bash
set -euo pipefail
# Switches deletion protection on for each given instance.
for instance in "$@"; do
  gcloud compute instances update "$instance" --deletion-protection --quiet --no-user-output-enabled
  echo "$instance: deletion protection on"
done
echo '{"status": "protected"}'
