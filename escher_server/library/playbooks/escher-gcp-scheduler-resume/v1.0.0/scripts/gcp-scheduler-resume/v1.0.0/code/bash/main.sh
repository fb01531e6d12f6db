#!/usr/bin/env bash
set -euo pipefail
# Resumes the job of the second argument in the location of the first.
gcloud scheduler jobs resume "$2" --location="$1" --quiet --no-user-output-enabled
echo "$2 resumed"
echo '{"status": "resumed"}'
