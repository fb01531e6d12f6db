#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when an instance is not protected. Reads only.
for instance in "$@"; do
  protected=$(gcloud compute instances describe "$instance" --format="value(deletionProtection)")
  if [[ "$protected" != "True" ]]; then
    echo "$instance is not protected" >&2
    exit 1
  fi
  echo "$instance is protected"
done
echo '{"status": "protected"}'
