#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when a service account is not enabled. Reads only.
for email in "$@"; do
  disabled=$(gcloud iam service-accounts list --filter="email=$email" --format="value(disabled)")
  if [[ "$disabled" == "True" ]]; then
    echo "$email is not enabled" >&2
    exit 1
  fi
  echo "$email is enabled"
done
echo '{"status": "enabled"}'
