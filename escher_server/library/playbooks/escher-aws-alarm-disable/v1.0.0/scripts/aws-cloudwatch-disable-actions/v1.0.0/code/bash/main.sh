#!/usr/bin/env bash
set -euo pipefail
# Lets the alarms in $1 no longer do what they are set to do.
aws cloudwatch disable-alarm-actions --cli-input-json "$1"
echo "alarm actions disabled"
echo '{"status": "disabled"}'
