#!/usr/bin/env bash
set -euo pipefail
# Gives the instance of the third argument, which is stopped, the machine type of the first.
gcloud compute instances set-machine-type "$3" --machine-type="$1" --quiet --no-user-output-enabled
echo "$3 -> $1"
echo '{"status": "set"}'
