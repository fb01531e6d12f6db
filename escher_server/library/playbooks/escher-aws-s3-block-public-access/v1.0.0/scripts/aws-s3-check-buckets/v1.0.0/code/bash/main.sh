#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given buckets is not there or not accessible. Reads only.
for bucket in "$@"; do
  aws s3api head-bucket --bucket "$bucket" >/dev/null
  echo "$bucket is there"
done
echo '{"status": "there"}'
