#!/usr/bin/env bash
set -euo pipefail
# Waits until each given function is active, at most five minutes for one.
for name in "$@"; do
  aws lambda wait function-active --function-name "$name"
  echo "$name is active"
done
echo '{"status": "active"}'
