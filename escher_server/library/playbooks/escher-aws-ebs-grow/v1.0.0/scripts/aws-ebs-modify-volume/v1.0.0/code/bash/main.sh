#!/usr/bin/env bash
set -euo pipefail
# Changes the volume $1 as $2 says; it goes on working meanwhile.
aws ec2 modify-volume --volume-id "$1" --cli-input-json "$2" >/dev/null
echo "$1 -> modifying"
echo '{"status": "modifying"}'
