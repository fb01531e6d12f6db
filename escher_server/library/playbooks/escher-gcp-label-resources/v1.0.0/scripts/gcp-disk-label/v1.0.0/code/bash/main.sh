#!/usr/bin/env bash
set -euo pipefail
# Gives the disk of the first argument the label of the next two; the others stay.
gcloud compute disks add-labels "$1" --labels="$2=$3" --quiet --no-user-output-enabled
echo "$1: $2=$3"
echo '{"status": "set"}'
