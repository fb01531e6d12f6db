#!/usr/bin/env bash
set -euo pipefail
# Prints the labels of the instance of the first argument, which must be there. Reads only.
labels=$(gcloud compute instances describe "$1" --format="value(labels)")
echo "$1: $labels"
echo '{"status": "read"}'
