#!/usr/bin/env bash
set -euo pipefail
# Disables the rule $1, which $2 names.
aws events disable-rule --cli-input-json "$2"
echo "$1 -> disabled"
echo '{"status": "disabled"}'
