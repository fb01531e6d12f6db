#!/usr/bin/env bash
set -euo pipefail
# Gives the thing $1 of EC2 the tag in $2.
aws ec2 create-tags --resources "$1" --cli-input-json "$2"
echo "$1 -> tag set"
echo '{"status": "tagged"}'
