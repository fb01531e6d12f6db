#!/usr/bin/env bash
set -euo pipefail
# Keeps no further versions of the objects of buckets.
for bucket in "$@"; do
  gcloud storage buckets update "gs://$bucket" --no-versioning --quiet --no-user-output-enabled
  echo "$bucket: versioning off"
done
echo '{"status": "unversioned"}'
