#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when the public access prevention of a bucket is not the first argument. Reads only.
for bucket in "${@:2}"; do
  found=$(gcloud storage buckets describe "gs://$bucket" --format="value(public_access_prevention)")
  if [[ "$found" != "$1" ]]; then
    echo "$bucket: $found, not $1" >&2
    exit 1
  fi
  echo "$bucket: $found"
done
echo '{"status": "checked"}'
