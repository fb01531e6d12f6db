#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given addresses is associated with something. Reads only.
used=$(aws ec2 describe-addresses --allocation-ids "$@" \
  --query "Addresses[?AssociationId || InstanceId || NetworkInterfaceId].AllocationId" --output text)
if [[ -n "$used" ]]; then
  echo "in use: $used" >&2
  exit 1
fi
echo "none is in use"
echo '{"status": "unused"}'
