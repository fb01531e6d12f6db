#!/usr/bin/env bash
set -euo pipefail
# Lets policies alone decide on access to buckets.
for bucket in "$@"; do
  gcloud storage buckets update "gs://$bucket" --uniform-bucket-level-access --quiet --no-user-output-enabled
  echo "$bucket: uniform access on"
done
echo '{"status": "uniform"}'
