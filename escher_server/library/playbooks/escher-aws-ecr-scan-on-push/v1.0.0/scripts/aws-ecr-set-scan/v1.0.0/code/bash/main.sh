#!/usr/bin/env bash
set -euo pipefail
# Sets whether the repository $1 scans images when they are pushed, as $2 says.
aws ecr put-image-scanning-configuration --repository-name "$1" --cli-input-json "$2" >/dev/null
echo "$1 -> scanning set"
echo '{"status": "set"}'
