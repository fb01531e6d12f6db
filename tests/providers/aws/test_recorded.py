"""Answers that real AWS gave to others go through the mapping. Their folder is named by ESCHER_REAL_DATA."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Account, Resource
from escher.providers.declarations import ResourceType
from escher.providers.mapping import find, tags_of, to_resource
from escher.providers.registry import resource_types

ACCOUNT = Account("aws", "644160558196", "recorded")


@pytest.fixture(scope="module")
def recorded() -> Path:
    """The folder `recorded/aws` of the real data."""
    folder = Path(os.environ.get("ESCHER_REAL_DATA", "")) / "recorded/aws"
    if not folder.is_dir():
        pytest.skip("ESCHER_REAL_DATA does not name a folder with recorded/aws, so real answers are not tried.")
    return folder


def answers(folder: Path, service: str, operation: str) -> list[Any]:
    """All recorded answers of an operation."""
    files = sorted((folder / f"{service}.{operation}").glob("*.json"))
    return [json.loads(file.read_text("utf-8"), object_hook=_with_time)["data"] for file in files]


def raw_records(folder: Path, declared: ResourceType) -> list[dict[str, Any]]:
    """The records of a type's list call in all recorded answers."""
    pages = answers(folder, declared.service, declared.listing.operation)
    return [record for page in pages for record in find(declared.listing.result, page) or []]


def mapped(folder: Path, name: str, **extra: Any) -> list[tuple[dict[str, Any], Resource]]:
    """Each raw record beside the resource made of it."""
    declared = resource_types()[name]
    pairs = [
        (raw, to_resource(raw | extra, declared, ACCOUNT, "us-east-1", 0)) for raw in raw_records(folder, declared)
    ]
    return [(raw, resource) for raw, resource in pairs if resource]


def test_real_instances(recorded: Path) -> None:
    """Every real instance keeps its id, type, addresses, state and tags."""
    pairs = mapped(recorded, "aws_ec2_instance")
    assert len(pairs) == len(raw_records(recorded, resource_types()["aws_ec2_instance"])) > 0
    for raw, resource in pairs:
        assert resource.identifier == raw["InstanceId"]
        assert resource.attributes["instance_type"] == raw["InstanceType"]
        assert resource.attributes.get("private_ip") == (raw.get("PrivateIpAddress") or None)
        assert resource.attributes["created_at"] == int(raw["LaunchTime"].timestamp())
        assert resource.native_state == raw["State"]["Name"]
        assert resource.state != "unknown"
        assert resource.tags == {tag["Key"]: tag["Value"] for tag in raw.get("Tags", [])}


def test_real_volumes(recorded: Path) -> None:
    """Size, encryption and attachment of every real volume are those that EC2 states."""
    pairs = mapped(recorded, "aws_ebs_volume")
    assert len(pairs) == len(raw_records(recorded, resource_types()["aws_ebs_volume"])) > 0
    for raw, resource in pairs:
        assert (resource.attributes["size_gib"], resource.attributes["encrypted"]) == (raw["Size"], raw["Encrypted"])
        assert resource.attributes["attached"] == bool(raw["Attachments"])
        assert resource.state == {"in-use": "in_use"}.get(raw["State"], raw["State"])
        assert resource.zone == raw["AvailabilityZone"]


def test_real_snapshots(recorded: Path) -> None:
    """Every real snapshot knows its volume and its age."""
    pairs = mapped(recorded, "aws_ebs_snapshot")
    assert len(pairs) == len(raw_records(recorded, resource_types()["aws_ebs_snapshot"])) > 0
    for raw, resource in pairs:
        assert resource.attributes["volume_id"] == raw["VolumeId"]
        assert resource.attributes["created_at"] == int(raw["StartTime"].timestamp())
        assert resource.state in ("available", "pending")


def test_real_buckets(recorded: Path) -> None:
    """Real buckets are placed by what GetBucketLocation really answers."""
    for location in answers(recorded, "s3", "GetBucketLocation"):
        pairs = mapped(recorded, "aws_s3_bucket", Location=location)
        assert len(pairs) == len(raw_records(recorded, resource_types()["aws_s3_bucket"])) > 0
        constraint = location.get("LocationConstraint") or "us-east-1"
        assert {resource.region for _, resource in pairs} == {"eu-west-1" if constraint == "EU" else constraint}


def test_real_bucket_acls(recorded: Path) -> None:
    """A real access list is public exactly when it grants something to everybody."""
    for acl in answers(recorded, "s3", "GetBucketAcl"):
        record = {"Name": "b", "Location": {"LocationConstraint": ""}, "Block": {}, "PolicyStatus": {}, "Acl": acl}
        resource = to_resource(record, resource_types()["aws_s3_bucket"], ACCOUNT, "global", 0)
        everybody = [grant for grant in acl["Grants"] if "global/A" in grant["Grantee"].get("URI", "")]
        assert resource
        assert resource.attributes["public"] == bool(everybody)


def test_real_functions(recorded: Path) -> None:
    """A function's configuration is read as the list call gives it; its environment is left behind."""
    declared = resource_types()["aws_lambda_function"]
    raw = answers(recorded, "lambda", "GetFunctionConfiguration")
    assert raw
    for function in raw:
        resource = to_resource(function, declared, ACCOUNT, "us-east-1", 0)
        assert resource
        assert resource.attributes["memory_mib"] == function["MemorySize"]
        assert resource.attributes["last_modified"] > 1_500_000_000
        assert "Environment" not in resource.attributes


@pytest.mark.parametrize(
    ("service", "operation", "result"),
    [
        ("lambda", "ListTags", "Tags"),
        ("dynamodb", "ListTagsOfResource", "Tags"),
        ("s3", "GetBucketTagging", "TagSet"),
    ],
)
def test_real_tags(recorded: Path, service: str, operation: str, result: str) -> None:
    """Both real forms of tags are read."""
    found = [answer[result] for answer in answers(recorded, service, operation) if result in answer]
    assert found
    for raw in found:
        assert len(tags_of(raw)) == len(raw)


def _with_time(value: dict[str, Any]) -> Any:
    if value.get("__class__") != "datetime":
        return value
    return datetime(*(value[part] for part in ("year", "month", "day", "hour", "minute", "second")), tzinfo=UTC)
