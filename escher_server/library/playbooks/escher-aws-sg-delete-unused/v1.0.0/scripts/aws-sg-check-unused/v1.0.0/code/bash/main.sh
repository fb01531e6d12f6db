#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given groups is a default group, on a network interface, or named by another group. Reads only.
default=$(aws ec2 describe-security-groups --group-ids "$@" --query "SecurityGroups[?GroupName=='default'].GroupId" --output text)
if [[ -n "$default" ]]; then
  echo "AWS does not let default groups be deleted: $default" >&2
  exit 1
fi
for id in "$@"; do
  interfaces=$(aws ec2 describe-network-interfaces --filters "Name=group-id,Values=$id" \
    --query 'length(NetworkInterfaces)' --output json)
  others=$(aws ec2 describe-security-groups \
    --query "length(SecurityGroups[?GroupId!='$id' && [IpPermissions, IpPermissionsEgress][][].UserIdGroupPairs[?GroupId=='$id'][]])" \
    --output json)
  if [[ "$interfaces" != "0" || "$others" != "0" ]]; then
    echo "$id is used by $interfaces interfaces and $others groups" >&2
    exit 1
  fi
  echo "$id is used by nothing"
done
echo '{"status": "unused"}'
