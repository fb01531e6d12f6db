#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the second argument, a zone, has the machine type of the first. Reads only.
present=$(gcloud compute instances describe "$3" --format="value(machineType)")
gcloud compute machine-types describe "$1" --zone="$2" --format="value(name)"
echo "$3 is $present now"
echo '{"status": "offered"}'
