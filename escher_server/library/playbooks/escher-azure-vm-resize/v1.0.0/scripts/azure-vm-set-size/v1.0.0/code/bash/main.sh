#!/usr/bin/env bash
set -euo pipefail
# Gives the machine $2 the size $1, and waits until that is done.
az vm resize --ids "$2" --size "$1" --output none
echo "$2 -> $1"
echo '{"status": "resized"}'
