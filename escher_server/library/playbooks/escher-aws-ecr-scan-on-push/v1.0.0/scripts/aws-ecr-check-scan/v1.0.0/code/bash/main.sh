#!/usr/bin/env bash
set -euo pipefail
# Is scanning on push $1 for each given repository?
for name in "${@:2}"; do
  found=$(aws ecr describe-repositories --repository-names "$name" \
    --query 'repositories[0].imageScanningConfiguration.scanOnPush' --output text)
  if [[ "$found" != "$1" ]]; then
    echo "scanning on push of $name is $found, not $1" >&2
    exit 1
  fi
  echo "scanning on push of $name is $found"
done
echo '{"status": "as wanted"}'
