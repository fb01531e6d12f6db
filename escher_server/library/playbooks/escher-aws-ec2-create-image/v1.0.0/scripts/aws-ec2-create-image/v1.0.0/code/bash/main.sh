#!/usr/bin/env bash
set -euo pipefail
# Begins an image of the instance $1; $2 is its name, its description and its tags.
aws ec2 create-image --instance-id "$1" --cli-input-json "$2" --query 'ImageId' --output text
echo "$1 -> image begun"
echo '{"status": "pending"}'
