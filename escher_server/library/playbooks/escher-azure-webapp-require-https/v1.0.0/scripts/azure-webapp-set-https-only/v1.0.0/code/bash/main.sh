#!/usr/bin/env bash
set -euo pipefail
# Makes the given apps send plain HTTP on to HTTPS (true) or answer it (false), as $1 says.
for id in "${@:2}"; do
  az webapp update --https-only "$1" --ids "$id" --output none
  echo "$id -> $1"
done
echo '{"status": "set"}'
