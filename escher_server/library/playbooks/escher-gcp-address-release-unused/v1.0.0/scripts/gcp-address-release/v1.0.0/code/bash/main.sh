#!/usr/bin/env bash
set -euo pipefail
# Releases the given regional addresses and waits until that is done.
gcloud compute addresses delete "$@" --quiet --no-user-output-enabled
for name in "$@"; do
  echo "$name released"
done
echo '{"status": "released"}'
