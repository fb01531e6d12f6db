#!/usr/bin/env bash
set -euo pipefail
# Prevents public access to buckets.
for bucket in "$@"; do
  gcloud storage buckets update "gs://$bucket" --public-access-prevention --quiet --no-user-output-enabled
  echo "$bucket: public access prevented"
done
echo '{"status": "private"}'
