#!/usr/bin/env bash
set -euo pipefail
# Enables the rule $1, which $2 names.
aws events enable-rule --cli-input-json "$2"
echo "$1 -> enabled"
echo '{"status": "enabled"}'
