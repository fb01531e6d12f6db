#!/usr/bin/env bash
set -euo pipefail
# Sets how many tasks the service $2 of the cluster $1 should run: $3.
aws ecs update-service --cluster "$1" --service "$2" --desired-count "$3" >/dev/null
echo "$2 -> $3 tasks"
echo '{"status": "set"}'
