#!/usr/bin/env bash
set -euo pipefail
# Can instance $5, shown as $2 in zone $3 with architecture $4, take the type $1? Reads only.
state=$(aws ec2 describe-instances --instance-ids "$5" --query 'Reservations[0].Instances[0].State.Name' --output text)
if [[ "$state" != "$2" ]]; then
  echo "$5 is $state, not $2 as it was shown" >&2
  exit 1
fi
root=$(aws ec2 describe-instances --instance-ids "$5" --query 'Reservations[0].Instances[0].RootDeviceType' --output text)
if [[ "$root" != "ebs" ]]; then
  echo "$5 has no EBS root disk, so it cannot be stopped and resized" >&2
  exit 1
fi
old=$(aws ec2 describe-instances --instance-ids "$5" --query 'Reservations[0].Instances[0].InstanceType' --output text)
if [[ "$old" == "$1" ]]; then
  echo "$5 is of type $1 already" >&2
  exit 1
fi
offered=$(aws ec2 describe-instance-type-offerings --location-type availability-zone \
  --filters "Name=instance-type,Values=$1" "Name=location,Values=$3" \
  --query 'length(InstanceTypeOfferings)' --output json)
if [[ "$offered" == "0" ]]; then
  echo "$1 is not offered in $3" >&2
  exit 1
fi
fitting=$(aws ec2 describe-instance-types --instance-types "$1" \
  --filters "Name=processor-info.supported-architecture,Values=$4" --query 'length(InstanceTypes)' --output json)
if [[ "$fitting" == "0" ]]; then
  echo "$1 does not run $4, the architecture of $5" >&2
  exit 1
fi
echo "$5 is $state and can become $1 (now $old)"
echo '{"status": "fits"}'
