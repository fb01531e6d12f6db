#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to stop every given instance, in one call.
aws ec2 stop-instances --instance-ids "$@" \
  --query "StoppingInstances[].[join(' ', [InstanceId, PreviousState.Name, '->', CurrentState.Name])]" --output text
echo '{"status": "stopping"}'
