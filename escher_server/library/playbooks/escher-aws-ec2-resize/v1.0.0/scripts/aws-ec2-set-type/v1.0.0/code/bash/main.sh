#!/usr/bin/env bash
set -euo pipefail
# Gives the stopped instance $2 the type $1.
aws ec2 modify-instance-attribute --instance-id "$2" --instance-type "Value=$1"
echo "$2 -> $1"
echo '{"status": "resized"}'
