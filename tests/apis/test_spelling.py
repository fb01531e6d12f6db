"""Operations as commands that a person would type, and back."""

from __future__ import annotations

from typing import Any

import pytest

from escher.apis.spelling import command_line
from escher.contract.plan import Operation
from escher.errors import InvalidInput
from escher.scripts.reader import Reader


def operation(service: str, name: str, parameters: dict[str, Any]) -> Operation:
    """An operation of AWS; its effect is not what is tested here."""
    return Operation(provider="aws", service=service, operation=name, parameters=parameters, effect="unknown")


COMMANDS: list[tuple[str, str, dict[str, Any], str]] = [
    ("ec2", "stop-instances", {"InstanceIds": ["i-1", "i-2"]}, "--instance-ids i-1 i-2"),
    ("ec2", "stop-instances", {"InstanceIds": ["i-1"], "Force": True, "DryRun": False}, "--instance-ids i-1 --force --no-dry-run"),
    ("ec2", "wait instance-stopped", {"InstanceIds": ["i-1"]}, "--instance-ids i-1"),
    (
        "ec2",
        "create-tags",
        {"Resources": ["i-1"], "Tags": [{"Key": "owner", "Value": "Ana's team"}]},
        """--resources i-1 --tags '[{"Key":"owner","Value":"Ana'"'"'s team"}]'""",
    ),
    ("ec2", "create-image", {"InstanceId": "i-1", "Name": "a b", "NoReboot": True}, "--instance-id i-1 --name 'a b' --no-reboot"),
    ("ec2", "create-snapshot", {"VolumeId": "vol-1", "Description": "-x"}, """--volume-id vol-1 --cli-input-json '{"Description":"-x"}'"""),
    ("ec2", "create-snapshot", {"VolumeId": "vol-1", "Description": "file:///etc/passwd"}, """--volume-id vol-1 --cli-input-json '{"Description":"file:///etc/passwd"}'"""),
    ("ec2", "create-snapshot", {"VolumeId": "vol-1", "Description": "$(id) `id` \\ \"x\""}, """--volume-id vol-1 --description '$(id) `id` \\ "x"'"""),
    ("ec2", "modify-instance-attribute", {"InstanceId": "i-1", "EbsOptimized": {"Value": True}}, """--instance-id i-1 --cli-input-json '{"EbsOptimized":{"Value":true}}'"""),
    ("ec2", "modify-instance-attribute", {"InstanceId": "i-1", "InstanceType": {"Value": "t3.large"}}, """--instance-id i-1 --instance-type '{"Value":"t3.large"}'"""),
    ("sns", "subscribe", {"TopicArn": "arn:aws:sns:x", "Protocol": "email", "Endpoint": "a@b.c"}, "--topic-arn arn:aws:sns:x --protocol email --notification-endpoint a@b.c"),
    ("lambda", "tag-resource", {"Resource": "arn", "Tags": {"a": "b"}}, """--resource arn --tags '{"a":"b"}'"""),
    ("s3", "rm", {"Paths": ["s3://logs/old"], "Recursive": True}, "s3://logs/old --recursive"),
    ("ec2", "run-instances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 2}, """--image-id ami-1 --cli-input-json '{"MinCount":1,"MaxCount":2}'"""),
    ("sqs", "set-queue-attributes", {"QueueUrl": "https://sqs.example/1/q", "Attributes": {"DelaySeconds": "5"}}, """--attributes '{"DelaySeconds":"5"}' --cli-input-json '{"QueueUrl":"https://sqs.example/1/q"}'"""),
    ("sts", "get-caller-identity", {}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("service", "name", "parameters", "flags"), COMMANDS)
def test_an_operation_reads_as_a_command(service: str, name: str, parameters: dict[str, Any], flags: str) -> None:
    """With the region, flags where they can carry the value, and JSON where they cannot."""
    written = command_line(operation(service, name, parameters), "us-east-1")
    assert written == f"aws {service} {name} --region us-east-1 {flags}".rstrip()


@pytest.mark.parametrize(("service", "name", "parameters"), [command[:3] for command in COMMANDS])
def test_the_command_means_the_same_operation(service: str, name: str, parameters: dict[str, Any]) -> None:
    """Read back by the script reader, it is the operation that it was made of."""
    written = command_line(operation(service, name, parameters), "us-east-1")
    reading = Reader().read(written, "bash", (), {"AWS_REGION": "us-east-1"})
    assert reading.problems == ()
    assert [(one.service, one.operation, one.parameters) for one in reading.operations] == [(service, name, parameters)]


def test_the_profile_of_an_account_is_shown() -> None:
    """For a person who wants to type it with their own configuration."""
    assert command_line(operation("sts", "get-caller-identity", {}), "eu-west-1", "shop") == (
        "aws sts get-caller-identity --profile shop --region eu-west-1"
    )


def test_an_unknown_operation_cannot_be_spelt() -> None:
    """Nothing is made up."""
    with pytest.raises(InvalidInput, match="no operation ec2 stop-instance"):
        command_line(operation("ec2", "stop-instance", {}), "us-east-1")
