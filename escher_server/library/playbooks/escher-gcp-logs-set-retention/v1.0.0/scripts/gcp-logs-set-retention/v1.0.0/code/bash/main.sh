#!/usr/bin/env bash
set -euo pipefail
# Lets the log bucket of the third argument keep entries for as many days as the first says.
gcloud logging buckets update "$3" --location="$2" --retention-days="$1" --quiet --no-user-output-enabled
echo "$3 -> $1 days"
echo '{"status": "set"}'
