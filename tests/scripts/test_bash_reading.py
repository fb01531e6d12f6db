"""Bash scripts that are read: the operations they call, with the values that their arguments give them."""

from __future__ import annotations

from typing import Any

import pytest

from escher.contract.ports import Reading
from escher.scripts.reader import Reader

US = {"AWS_REGION": "us-east-1"}
START = "#!/usr/bin/env bash\nset -euo pipefail\n"


def read(script: str, *arguments: str, environment: dict[str, str] | None = US) -> Reading:
    """The reading of a bash script in us-east-1."""
    return Reader().read(script, "bash", arguments, environment)


def calls(reading: Reading) -> list[tuple[str, dict[str, Any]]]:
    """The operations with their parameters; there may be no problem."""
    assert reading.problems == ()
    return [(f"{one.service} {one.operation}", one.parameters) for one in reading.operations]


def test_ids_come_in_as_arguments() -> None:
    """Every argument is one id of the one call."""
    reading = read(START + '# Stops them.\naws ec2 stop-instances --instance-ids "$@"', "i-1", "i-2")
    assert calls(reading) == [("ec2 stop-instances", {"InstanceIds": ["i-1", "i-2"]})]
    assert reading.effect == "write"


def test_free_values_come_in_as_json() -> None:
    """What no pattern allows among the words may be in the JSON document."""
    tags = '{"Resources":["i-1"],"Tags":[{"Key":"owner","Value":"$(id); file:///etc/passwd"}]}'
    reading = read(START + 'aws ec2 create-tags --cli-input-json "$1"', tags)
    assert calls(reading)[0][1]["Tags"] == [{"Key": "owner", "Value": "$(id); file:///etc/passwd"}]


def test_flags_win_over_the_json_document() -> None:
    """As the CLI has it."""
    script = 'aws ec2 create-snapshot --volume-id "$1" --cli-input-json "$2"'
    reading = read(script, "vol-1", '{"VolumeId":"vol-2","Description":"last one"}')
    assert calls(reading) == [("ec2 create-snapshot", {"VolumeId": "vol-1", "Description": "last one"})]


def test_a_loop_over_arguments_is_unrolled() -> None:
    """One call for each."""
    script = START + 'for id in "$@"; do\n  aws ec2 delete-volume --volume-id "$id"\ndone'
    reading = read(script, "vol-1", "vol-2")
    assert calls(reading) == [
        ("ec2 delete-volume", {"VolumeId": "vol-1"}),
        ("ec2 delete-volume", {"VolumeId": "vol-2"}),
    ]
    assert reading.effect == "destroy"


def test_a_check_reads_and_ends_with_an_error() -> None:
    """What an earlier command answered may be compared and printed."""
    script = (
        START
        + """for id in "$@"; do
  state=$(aws ec2 describe-instances --instance-ids "$id" --query 'Reservations[0].Instances[0].State.Name' --output text)
  if [[ "$state" != "running" ]]; then
    echo "$id is $state, not running" >&2
    exit 1
  fi
done"""
    )
    reading = read(script, "i-1")
    assert calls(reading) == [("ec2 describe-instances", {"InstanceIds": ["i-1"]})]
    assert reading.effect == "read"


def test_both_branches_count() -> None:
    """The worst of them is the verdict, whichever would be taken."""
    reading = read('if [[ "$1" == "now" ]]; then aws ec2 stop-instances --instance-ids i-1; else aws ec2 terminate-instances --instance-ids i-1; fi', "now")  # fmt: skip
    assert [name for name, _ in calls(reading)] == ["ec2 stop-instances", "ec2 terminate-instances"]
    assert reading.effect == "destroy"


def test_a_loop_without_turns_counts_all_the_same() -> None:
    """A script is not harmless because this time it was given nothing."""
    reading = read('for id in "$@"; do aws ec2 delete-volume --volume-id "$id"; done')
    assert reading.effect == "unknown"
    assert [one.effect for one in reading.operations] == ["destroy"]


@pytest.mark.parametrize(
    ("script", "arguments", "expected"),
    [
        ("aws ec2 wait instance-stopped --instance-ids i-1", (), ("ec2 wait instance-stopped", {"InstanceIds": ["i-1"]})),
        ('aws ec2 stop-instances --instance-ids="$1" --no-dry-run', ("i-1",), ("ec2 stop-instances", {"InstanceIds": ["i-1"], "DryRun": False})),
        ('ids="$1"\naws ec2 stop-instances --instance-ids "$ids"', ("i-1",), ("ec2 stop-instances", {"InstanceIds": ["i-1"]})),
        ('shift\naws ec2 stop-instances --instance-ids "$@"', ("x", "i-1"), ("ec2 stop-instances", {"InstanceIds": ["i-1"]})),
        ('aws ec2 stop-instances --instance-ids "${@:2}"', ("x", "i-1"), ("ec2 stop-instances", {"InstanceIds": ["i-1"]})),
        ('aws --region us-east-1 ec2 describe-vpcs --output json --no-cli-pager', (), ("ec2 describe-vpcs", {})),
        ('aws ec2 describe-volumes --region "$AWS_REGION" --max-items 5 --page-size 100', (), ("ec2 describe-volumes", {})),
        ("aws ec2 describe-volumes --filters Name=status,Values=available,error", (), ("ec2 describe-volumes", {"Filters": [{"Name": "status", "Values": ["available", "error"]}]})),
        ('aws ec2 modify-instance-attribute --instance-id i-1 --instance-type "Value=$1"', ("t3.large",), ("ec2 modify-instance-attribute", {"InstanceId": "i-1", "InstanceType": {"Value": "t3.large"}})),
        ("aws ec2 modify-instance-attribute --instance-id i-1 --no-ebs-optimized", (), ("ec2 modify-instance-attribute", {"InstanceId": "i-1", "EbsOptimized": {"Value": False}})),
        ("aws ec2 modify-instance-attribute --instance-id i-1 --ebs-optimized Value=false", (), ("ec2 modify-instance-attribute", {"InstanceId": "i-1", "EbsOptimized": {"Value": False}})),
        ("aws ec2 describe-instances \\\n  --instance-ids i-1 \\\n  i-2 # two", (), ("ec2 describe-instances", {"InstanceIds": ["i-1", "i-2"]})),
        ("aws ec2 describe-volumes --query Volumes[*].VolumeId | sort | uniq -c | head -n 3", (), ("ec2 describe-volumes", {})),
        ("aws ec2 describe-volumes | jq -r '.Volumes[] | select(.State == \"in-use\") | .VolumeId'", (), ("ec2 describe-volumes", {})),
        ("if ! aws sts get-caller-identity >/dev/null 2>&1; then exit 1; fi", (), ("sts get-caller-identity", {})),
        ("aws sts get-caller-identity || { echo no; exit 1; }", (), ("sts get-caller-identity", {})),
        ("aws s3 rm s3://logs/old --recursive", (), ("s3 rm", {"Paths": ["s3://logs/old"], "Recursive": True})),
        ('aws s3 rm "s3://$1/old"', ("logs",), ("s3 rm", {"Paths": ["s3://logs/old"]})),
        ("aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 22-25 --cidr 10.0.0.0/8", (), ("ec2 authorize-security-group-ingress", {"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 25, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]})),
        ("aws ec2 run-instances --image-id ami-1 --count 2", (), ("ec2 run-instances", {"ImageId": "ami-1", "MinCount": 2, "MaxCount": 2})),
        ("aws cloudwatch put-metric-data --namespace N --metric-name M --value 1.5 --dimensions A=b,C=d", (), ("cloudwatch put-metric-data", {"Namespace": "N", "MetricData": [{"MetricName": "M", "Value": 1.5, "Dimensions": [{"Name": "A", "Value": "b"}, {"Name": "C", "Value": "d"}]}]})),
        ("aws elb register-instances-with-load-balancer --load-balancer-name l --instances i-1 i-2", (), ("elb register-instances-with-load-balancer", {"LoadBalancerName": "l", "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]})),
    ],
)  # fmt: skip
def test_a_command_is_an_operation(
    script: str, arguments: tuple[str, ...], expected: tuple[str, dict[str, Any]]
) -> None:
    """Its parameters are the API's, with the values of the arguments."""
    assert calls(read(script, *arguments)) == [expected]


def test_a_value_the_provider_made_may_be_waited_for() -> None:
    """An id that an earlier command answered is known only later; a read may use it."""
    script = (
        'id=$(aws ec2 create-snapshot --volume-id "$1" --query SnapshotId --output text)\n'
        'aws ec2 wait snapshot-completed --snapshot-ids "$id"'
    )
    reading = read(script, "vol-1")
    assert [name for name, _ in calls(reading)] == ["ec2 create-snapshot", "ec2 wait snapshot-completed"]
    assert reading.effect == "write"


def test_without_an_environment_any_region_may_be_named() -> None:
    """As when a script is only looked at; in a step, the region is that of the step."""
    script = "aws ec2 describe-vpcs --region eu-west-1"
    assert read(script, environment=None).problems == ()
    assert read(script).effect == "unknown"


def test_the_worst_part_is_the_verdict() -> None:
    """However harmless the rest is."""
    reading = read(
        "aws ec2 describe-vpcs; aws ec2 delete-vpc --vpc-id vpc-1; aws ec2 create-tags --resources a --tags Key=a"
    )
    assert reading.effect == "destroy"
    assert read("aws ec2 describe-vpcs; aws secretsmanager get-secret-value --secret-id s").effect == "secret"
