#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when a bucket does not have the label of the first two arguments. Reads only.
for bucket in "${@:3}"; do
  found=$(gcloud storage buckets list "gs://$bucket" --filter="labels.$1=$2" --format="value(name)")
  if [[ "$found" != "$bucket" ]]; then
    echo "$bucket has no label $1=$2" >&2
    exit 1
  fi
  echo "$bucket: $1=$2"
done
echo '{"status": "set"}'
