#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when the versioning of a bucket is not the first argument, on or off. Reads only.
for bucket in "${@:2}"; do
  found=$(gcloud storage buckets describe "gs://$bucket" --format="value(versioning_enabled.yesno(yes='on', no='off'))")
  if [[ "$found" != "$1" ]]; then
    echo "$bucket: $found, not $1" >&2
    exit 1
  fi
  echo "$bucket: $found"
done
echo '{"status": "checked"}'
