#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when an instance uses one of the given disks. Reads only.
for disk in "$@"; do
  users=$(gcloud compute disks describe "$disk" --format="value(users)")
  if [[ -n "$users" ]]; then
    echo "$disk is used by $users" >&2
    exit 1
  fi
  echo "$disk is used by nothing"
done
echo '{"status": "unattached"}'
