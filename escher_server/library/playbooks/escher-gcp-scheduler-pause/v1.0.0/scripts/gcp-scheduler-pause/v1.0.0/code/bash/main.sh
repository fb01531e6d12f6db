#!/usr/bin/env bash
set -euo pipefail
# Pauses the job of the second argument in the location of the first.
gcloud scheduler jobs pause "$2" --location="$1" --quiet --no-user-output-enabled
echo "$2 paused"
echo '{"status": "paused"}'
