#!/usr/bin/env bash
set -euo pipefail
# Changes the setting in $2 of the subnet $1.
aws ec2 modify-subnet-attribute --subnet-id "$1" --cli-input-json "$2"
echo "$1 -> setting changed"
echo '{"status": "changed"}'
