#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when any of the given groups lets the whole internet in at exactly the port $1. Reads only.
for id in "${@:2}"; do
  open=$(aws ec2 describe-security-groups --group-ids "$id" \
    --query "length(SecurityGroups[0].IpPermissions[?IpProtocol=='tcp' && FromPort==\`$1\` && ToPort==\`$1\`].[IpRanges[?CidrIp=='0.0.0.0/0'], Ipv6Ranges[?CidrIpv6=='::/0']][][])" \
    --output json)
  if [[ "$open" != "0" ]]; then
    echo "$id still lets the internet in at $1" >&2
    exit 1
  fi
  echo "$id is closed at $1"
done
echo '{"status": "closed"}'
