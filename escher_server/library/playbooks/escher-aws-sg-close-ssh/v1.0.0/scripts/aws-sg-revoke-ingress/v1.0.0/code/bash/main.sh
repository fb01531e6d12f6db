#!/usr/bin/env bash
set -euo pipefail
# Takes the incoming rule in $2 off the group $1.
aws ec2 revoke-security-group-ingress --group-id "$1" --cli-input-json "$2" >/dev/null
echo "$1 -> rule taken off"
echo '{"status": "closed"}'
