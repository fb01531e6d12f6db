#!/usr/bin/env bash
set -euo pipefail
# Makes the disk of the second argument as large as the first says, in GiB.
gcloud compute disks resize "$2" --size="$1" --quiet --no-user-output-enabled
echo "$2 -> $1 GiB"
echo '{"status": "grown"}'
