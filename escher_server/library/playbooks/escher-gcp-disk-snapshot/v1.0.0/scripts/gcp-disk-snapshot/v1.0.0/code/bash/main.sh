#!/usr/bin/env bash
set -euo pipefail
# Takes a snapshot of the disk of the first argument under the name of the second.
gcloud compute disks snapshot "$1" --snapshot-names="$2" --quiet --no-user-output-enabled
echo "$1 -> $2"
echo '{"status": "taken"}'
