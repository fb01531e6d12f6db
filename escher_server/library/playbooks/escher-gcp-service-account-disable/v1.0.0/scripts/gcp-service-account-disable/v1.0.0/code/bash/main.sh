#!/usr/bin/env bash
set -euo pipefail
# Disables the given service accounts; their keys and roles stay.
for email in "$@"; do
  gcloud iam service-accounts disable "$email" --quiet --no-user-output-enabled
  echo "$email disabled"
done
echo '{"status": "disabled"}'
