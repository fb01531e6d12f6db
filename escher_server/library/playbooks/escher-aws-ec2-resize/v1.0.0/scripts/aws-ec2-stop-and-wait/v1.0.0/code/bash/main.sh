#!/usr/bin/env bash
set -euo pipefail
# Asks AWS to stop every given instance, and waits until all are stopped, at most ten minutes.
aws ec2 stop-instances --instance-ids "$@" \
  --query "StoppingInstances[].[join(' ', [InstanceId, PreviousState.Name, '->', CurrentState.Name])]" --output text
aws ec2 wait instance-stopped --instance-ids "$@"
echo '{"status": "stopped"}'
