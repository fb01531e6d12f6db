#!/usr/bin/env bash
set -euo pipefail
# Keeps former versions of the objects of buckets.
for bucket in "$@"; do
  gcloud storage buckets update "gs://$bucket" --versioning --quiet --no-user-output-enabled
  echo "$bucket: versioning on"
done
echo '{"status": "versioned"}'
