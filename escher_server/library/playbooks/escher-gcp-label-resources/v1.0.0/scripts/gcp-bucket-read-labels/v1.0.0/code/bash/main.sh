#!/usr/bin/env bash
set -euo pipefail
# Prints the labels of the given buckets, which must be there. Reads only.
for bucket in "$@"; do
  labels=$(gcloud storage buckets describe "gs://$bucket" --format="value(labels)")
  echo "$bucket: $labels"
done
echo '{"status": "read"}'
