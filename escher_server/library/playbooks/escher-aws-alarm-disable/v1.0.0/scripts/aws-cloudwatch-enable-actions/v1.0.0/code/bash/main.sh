#!/usr/bin/env bash
set -euo pipefail
# Lets the alarms in $1 again do what they are set to do.
aws cloudwatch enable-alarm-actions --cli-input-json "$1"
echo "alarm actions enabled"
echo '{"status": "enabled"}'
