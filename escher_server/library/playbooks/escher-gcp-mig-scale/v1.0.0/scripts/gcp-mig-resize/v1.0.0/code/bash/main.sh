#!/usr/bin/env bash
set -euo pipefail
# Gives the managed instance group of the second argument the size of the first.
gcloud compute instance-groups managed resize "$2" --size="$1" --quiet --no-user-output-enabled
echo "$2 -> $1 instances"
echo '{"status": "resized"}'
