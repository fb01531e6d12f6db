#!/usr/bin/env bash
set -euo pipefail
# Changes who may start instances from the image $1, as $2 says.
aws ec2 modify-image-attribute --image-id "$1" --cli-input-json "$2"
echo "$1 -> launch permission changed"
echo '{"status": "changed"}'
