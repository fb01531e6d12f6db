#!/usr/bin/env bash
set -euo pipefail
# Lets lists of single objects decide on access to buckets again.
for bucket in "$@"; do
  gcloud storage buckets update "gs://$bucket" --no-uniform-bucket-level-access --quiet --no-user-output-enabled
  echo "$bucket: uniform access off"
done
echo '{"status": "mixed"}'
