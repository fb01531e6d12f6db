"""Begins a snapshot of volume argv[1]; argv[2] is its description and its tags."""

import json
import sys

import boto3

snapshot = boto3.client("ec2").create_snapshot(VolumeId=sys.argv[1], **json.loads(sys.argv[2]))
print(snapshot["VolumeId"], "->", snapshot["SnapshotId"], snapshot["State"])
print(json.dumps({"status": "pending"}))
