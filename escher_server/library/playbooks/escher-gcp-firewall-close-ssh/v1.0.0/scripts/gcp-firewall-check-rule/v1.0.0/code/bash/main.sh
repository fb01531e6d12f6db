#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 unless the rule of the second argument is on and allows exactly the port of the first. Reads only.
found=$(gcloud compute firewall-rules describe "$2" --format="value[separator=' '](disabled,allowed[0].ports[0])")
if [[ "$found" != "False $1" ]]; then
  echo "$2 is not as it was: disabled, port = $found" >&2
  exit 1
fi
echo "$2 is open at $1"
echo '{"status": "open"}'
