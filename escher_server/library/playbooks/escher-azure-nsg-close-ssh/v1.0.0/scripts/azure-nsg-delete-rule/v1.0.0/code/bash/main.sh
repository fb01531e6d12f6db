#!/usr/bin/env bash
set -euo pipefail
# Deletes the rule $1 of its network security group.
az network nsg rule delete --ids "$1" --output none
echo "$1 deleted"
echo '{"status": "closed"}'
