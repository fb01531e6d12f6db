"""Ends with 1 when any of the given volumes is not in use or available with less than argv[1] GiB. Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
for volume in ec2.describe_volumes(VolumeIds=sys.argv[2:])["Volumes"]:
    if volume["Size"] >= int(sys.argv[1]) or volume["State"] not in ["in-use", "available"]:
        print(volume["VolumeId"], "has", volume["Size"], "GiB already, or cannot be changed now")
        sys.exit(1)
    print(volume["VolumeId"], "has", volume["Size"], "GiB")
print(json.dumps({"status": "smaller"}))
