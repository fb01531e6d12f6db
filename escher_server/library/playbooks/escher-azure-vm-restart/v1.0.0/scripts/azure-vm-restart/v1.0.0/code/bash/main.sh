#!/usr/bin/env bash
set -euo pipefail
# Restarts the given machines and waits until that is done.
az vm restart --ids "$@" --output none
for id in "$@"; do
  echo "$id restarted"
done
echo '{"status": "restarted"}'
