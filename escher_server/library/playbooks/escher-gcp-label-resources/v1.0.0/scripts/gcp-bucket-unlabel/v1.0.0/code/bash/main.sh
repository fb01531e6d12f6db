#!/usr/bin/env bash
set -euo pipefail
# Takes the label of the first argument off the buckets after it.
for bucket in "${@:2}"; do
  gcloud storage buckets update "gs://$bucket" --remove-labels="$1" --quiet --no-user-output-enabled
  echo "$bucket: without $1"
done
echo '{"status": "set"}'
