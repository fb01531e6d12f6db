#!/usr/bin/env bash
set -euo pipefail
# Sets the KMS key of the topic $1 to the one in $2.
aws sns set-topic-attributes --topic-arn "$1" --cli-input-json "$2"
echo "$1 -> key set"
echo '{"status": "set"}'
