#!/usr/bin/env bash
set -euo pipefail
# Sets how many instances the Auto Scaling group $1 should have; $2 holds both.
aws autoscaling set-desired-capacity --cli-input-json "$2"
echo "$1 -> capacity set"
echo '{"status": "set"}'
