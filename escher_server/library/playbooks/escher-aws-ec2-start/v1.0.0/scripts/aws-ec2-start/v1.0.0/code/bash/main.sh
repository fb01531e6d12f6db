#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to start every given instance, in one call.
aws ec2 start-instances --instance-ids "$@" \
  --query "StartingInstances[].[join(' ', [InstanceId, PreviousState.Name, '->', CurrentState.Name])]" --output text
echo '{"status": "starting"}'
