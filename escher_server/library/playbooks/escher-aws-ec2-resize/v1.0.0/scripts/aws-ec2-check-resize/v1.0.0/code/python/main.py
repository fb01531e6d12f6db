"""Can instance argv[5], shown as argv[2] in zone argv[3] with architecture argv[4], take the type argv[1]? Reads only."""

import json
import sys

import boto3

ec2 = boto3.client("ec2")
instance = ec2.describe_instances(InstanceIds=[sys.argv[5]])["Reservations"][0]["Instances"][0]
if instance["State"]["Name"] != sys.argv[2]:
    print(sys.argv[5], "is", instance["State"]["Name"], "and not", sys.argv[2], "as it was shown")
    sys.exit(1)
if instance["RootDeviceType"] != "ebs":
    print(sys.argv[5], "has no EBS root disk, so it cannot be stopped and resized")
    sys.exit(1)
if instance["InstanceType"] == sys.argv[1]:
    print(sys.argv[5], "is of type", sys.argv[1], "already")
    sys.exit(1)
offered = ec2.describe_instance_type_offerings(
    LocationType="availability-zone",
    Filters=[{"Name": "instance-type", "Values": [sys.argv[1]]}, {"Name": "location", "Values": [sys.argv[3]]}],
)
if not offered["InstanceTypeOfferings"]:
    print(sys.argv[1], "is not offered in", sys.argv[3])
    sys.exit(1)
fitting = ec2.describe_instance_types(
    InstanceTypes=[sys.argv[1]],
    Filters=[{"Name": "processor-info.supported-architecture", "Values": [sys.argv[4]]}],
)
if not fitting["InstanceTypes"]:
    print(sys.argv[1], "does not run", sys.argv[4], "- the architecture of", sys.argv[5])
    sys.exit(1)
print(sys.argv[5], "is", sys.argv[2], "and can become", sys.argv[1], "- now", instance["InstanceType"])
print(json.dumps({"status": "fits"}))
