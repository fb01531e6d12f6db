#!/usr/bin/env bash
set -euo pipefail
# Gives the buckets after the second argument the label of the first two; the others stay.
for bucket in "${@:3}"; do
  gcloud storage buckets update "gs://$bucket" --update-labels="$1=$2" --quiet --no-user-output-enabled
  echo "$bucket: $1=$2"
done
echo '{"status": "set"}'
