#!/usr/bin/env bash
set -euo pipefail
# Ends with 1 when an instance does not keep as many backups as the first argument says. Reads only.
for instance in "${@:2}"; do
  found=$(gcloud sql instances describe "$instance" --format="value(settings.backupConfiguration.backupRetentionSettings.retainedBackups)")
  if [[ "$found" != "$1" ]]; then
    echo "$instance: $found, not $1" >&2
    exit 1
  fi
  echo "$instance: $found"
done
echo '{"status": "checked"}'
