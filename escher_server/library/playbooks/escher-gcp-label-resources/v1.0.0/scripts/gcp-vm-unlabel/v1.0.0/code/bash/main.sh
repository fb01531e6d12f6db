#!/usr/bin/env bash
set -euo pipefail
# Takes the label of the second argument off the instance of the first.
gcloud compute instances remove-labels "$1" --labels="$2" --quiet --no-user-output-enabled
echo "$1: without $2"
echo '{"status": "set"}'
