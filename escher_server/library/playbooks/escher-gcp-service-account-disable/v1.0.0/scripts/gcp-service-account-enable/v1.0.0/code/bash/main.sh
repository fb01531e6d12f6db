#!/usr/bin/env bash
set -euo pipefail
# Enables the given service accounts; their keys and roles stay.
for email in "$@"; do
  gcloud iam service-accounts enable "$email" --quiet --no-user-output-enabled
  echo "$email enabled"
done
echo '{"status": "enabled"}'
