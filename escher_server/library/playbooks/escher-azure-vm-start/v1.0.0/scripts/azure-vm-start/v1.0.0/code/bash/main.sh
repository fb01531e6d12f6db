#!/usr/bin/env bash
set -euo pipefail
# Starts the given machines and waits until that is done.
az vm start --ids "$@" --output none
for id in "$@"; do
  echo "$id started"
done
echo '{"status": "started"}'
