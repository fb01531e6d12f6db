"""Raw answers of AWS become resources of the contract."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.providers.mapping import tags_of, to_resource, unix_seconds
from escher.providers.registry import resource_types
from tests.fixtures.answers import ACCOUNT, NOW, Answers, answers_for, resources_of, sightings_of


def found(name: str) -> dict[str, Resource]:
    """The resources of a type's recorded answers, by identifier."""
    return resources_of(resource_types()[name], answers_for(name))


def seen(name: str, record: dict[str, Any]) -> Resource | None:
    """One raw record as a resource."""
    return to_resource(record, resource_types()[name], ACCOUNT, "us-east-1", NOW)


def test_an_instance_becomes_a_resource() -> None:
    """All that the contract names is filled from what EC2 says."""
    assert asdict(found("aws_ec2_instance")["i-0a1b2c3d4e5f60001"]) == {
        "provider": "aws",
        "account_id": "111111111111",
        "region": "us-east-1",
        "resource_type": "aws_ec2_instance",
        "kind": "compute_instance",
        "resource_id": "arn:aws:ec2:us-east-1:111111111111:instance/i-0a1b2c3d4e5f60001",
        "identifier": "i-0a1b2c3d4e5f60001",
        "name": "web-1",
        "state": "running",
        "native_state": "running",
        "account_name": "shop",
        "service": "ec2",
        "zone": "us-east-1b",
        "tags": {"Name": "web-1", "env": "prod", "team": "shop", "aws:autoscaling:groupName": "web"},
        "attributes": {
            "instance_type": "t3.large",
            "private_ip": "10.1.2.3",
            "public_ip": "198.51.100.7",
            "public": True,
            "created_at": 1709281800,
            "vpc_id": "vpc-0a1b2c3d4e5f60001",
            "subnet_id": "subnet-0a1b2c3d4e5f60001",
            "security_groups": ["sg-0a1b2c3d4e5f60001"],
            "volumes": ["vol-0a1b2c3d4e5f60001"],
            "image_id": "ami-0a1b2c3d4e5f60001",
            "architecture": "x86_64",
            "root_device_type": "ebs",
            "platform": "Linux/UNIX",
            "key_name": "deploy",
            "instance_profile": "arn:aws:iam::111111111111:instance-profile/web",
            "metadata_tokens": "required",
        },
        "last_synced": NOW,
        "constraints": {},
        "iam": {},
        "relations": {
            "member_of": [
                "aws_vpc_subnet/subnet-0a1b2c3d4e5f60001",
                "aws_vpc/vpc-0a1b2c3d4e5f60001",
                "aws_ec2_autoscaling_group/web",
                "aws_ec2_placement_group/near",
            ],
            "uses": [
                "aws_vpc_security_group/sg-0a1b2c3d4e5f60001",
                "aws_ec2_ami/ami-0a1b2c3d4e5f60001",
                "aws_ec2_key_pair/deploy",
                "arn:aws:iam::111111111111:instance-profile/web",
                "aws_ec2_capacity_reservation/cr-0a1b2c3d4e5f60001",
            ],
        },
        "managed_by": "autoscaling:web",
        "fingerprint": "",
    }


def test_without_a_name_tag_the_identifier_is_the_name() -> None:
    """Nothing is nameless."""
    assert found("aws_ec2_instance")["i-0a1b2c3d4e5f60002"].name == "i-0a1b2c3d4e5f60002"
    assert found("aws_vpc_security_group")["sg-0a1b2c3d4e5f60001"].name == "web"


@pytest.mark.parametrize(
    ("native", "state"),
    [
        ("pending", "pending"),
        ("running", "running"),
        ("stopping", "pending"),
        ("stopped", "stopped"),
        ("shutting-down", "deleting"),
        ("terminated", "deleted"),
        ("a-state-of-tomorrow", "unknown"),
    ],
)
def test_states_of_an_instance(native: str, state: str) -> None:
    """The provider's state is kept beside ours; one that nobody declared is unknown."""
    resource = seen("aws_ec2_instance", {"InstanceId": "i-1", "State": {"Name": native}})
    assert resource
    assert (resource.state, resource.native_state) == (state, native)


def test_volumes_know_whether_they_are_used() -> None:
    """Attached and free volumes differ in state and in `attached`."""
    used, free = found("aws_ebs_volume").values()
    assert (used.state, used.attributes["attached"], used.attributes["size_gib"]) == ("in_use", True, 100)
    assert (free.state, free.attributes["attached"], free.attributes["encrypted"]) == ("available", False, False)


def test_a_security_group_tells_what_is_open_to_the_world() -> None:
    """IPv4 and IPv6 count, and a rule for a private range does not."""
    open_, closed = found("aws_vpc_security_group").values()
    assert (open_.attributes["public"], open_.attributes["ingress_rules"]) == (True, 4)
    assert open_.attributes["open_to_world"] == ["tcp 22-22", "-1 all-all", "tcp 3389-3389"]
    assert open_.attributes["rdp_ipv4"] == "0.0.0.0/0"
    assert (closed.attributes["public"], closed.attributes["ingress_rules"]) == (False, 0)


def test_an_address_is_known_by_its_allocation() -> None:
    """A free address is not attached, whatever empty strings say."""
    used, free = found("aws_vpc_eip").values()
    assert (used.identifier, used.state, used.attributes["attached"]) == ("eipalloc-0a1b2c3d4e5f60001", "in_use", True)
    assert (free.state, free.native_state, free.attributes["attached"]) == ("available", "", False)


def test_a_bucket_lies_in_its_own_region() -> None:
    """An empty location is us-east-1, and `EU` is eu-west-1."""
    regions = {name: bucket.region for name, bucket in found("aws_s3_bucket").items()}
    assert regions == {
        "open-by-policy": "eu-central-1",
        "open-by-acl": "eu-west-1",
        "opened-then-blocked": "us-east-1",
        "private": "us-east-1",
    }


def test_a_bucket_is_public_when_something_opens_it_and_nothing_closes_it() -> None:
    """Policy and access list open; the matching half of the block takes that back."""
    buckets = found("aws_s3_bucket")
    assert {name: bucket.attributes["public"] for name, bucket in buckets.items()} == {
        "open-by-policy": True,
        "open-by-acl": True,
        "opened-then-blocked": False,
        "private": False,
    }
    blocked = {name for name, bucket in buckets.items() if bucket.attributes["public_access_blocked"]}
    assert blocked == {"opened-then-blocked"}
    encrypted = {name for name, bucket in buckets.items() if bucket.attributes["encrypted"]}
    assert encrypted == {"private"}


def test_what_could_not_be_read_is_unknown_and_not_false() -> None:
    """A bucket whose policy may not be read is neither public nor private."""
    answers: Answers = answers_for("aws_s3_bucket") | {"GetBucketPolicyStatus": [{"error": "AccessDenied"}]}
    sightings = sightings_of(resource_types()["aws_s3_bucket"], answers)
    assert all(bucket.resource and "public" not in bucket.resource.attributes for bucket in sightings)
    assert {failure.permission for bucket in sightings for failure in bucket.failures} == {"s3:GetBucketPolicyStatus"}


def test_a_bucket_that_cannot_be_placed_is_reported_and_not_stored() -> None:
    """A wrong region would make another resource of it."""
    answers: Answers = answers_for("aws_s3_bucket") | {"GetBucketLocation": [{"error": "AccessDenied"}]}
    sightings = sightings_of(resource_types()["aws_s3_bucket"], answers)
    assert [bucket.resource for bucket in sightings] == [None] * 4
    assert all(bucket.failures[0].permission == "s3:GetBucketLocation" for bucket in sightings)


def test_a_thing_deleted_after_it_was_listed_is_simply_gone() -> None:
    """That is no failure."""
    answers: Answers = answers_for("aws_s3_bucket") | {"GetBucketTagging": [{"error": "NoSuchBucket"}]}
    sightings = sightings_of(resource_types()["aws_s3_bucket"], answers)
    assert [(bucket.resource, bucket.failures) for bucket in sightings] == [(None, ())] * 4


def test_a_record_that_makes_no_sense_is_reported() -> None:
    """One malformed record costs only itself."""
    answers: Answers = {
        "DescribeVolumes": [{"data": {"Volumes": [{"Size": 8}, {"VolumeId": "vol-1", "CreateTime": "?"}]}}]
    }
    sightings = sightings_of(resource_types()["aws_ebs_volume"], answers)
    assert [(seen.resource, seen.failures[0].native_code) for seen in sightings] == [(None, "MalformedAnswer")] * 2


def test_the_environment_of_a_function_is_never_kept() -> None:
    """It comes with the list answer, and often holds passwords."""
    assert "canary-in-the-environment" in str(answers_for("aws_lambda_function"))
    assert "canary-in-the-environment" not in str(found("aws_lambda_function"))


def test_a_role_belongs_to_no_region() -> None:
    """IAM is global."""
    role = found("aws_iam_role")["deploy"]
    assert (role.region, role.attributes["path"], role.tags) == ("global", "/ci/", {"team": "platform"})


def test_tables_are_described() -> None:
    """The list has names only; the rest comes from the details."""
    carts, sessions = found("aws_dynamodb_table").values()
    assert (carts.state, carts.attributes["billing_mode"], carts.attributes["size_bytes"]) == (
        "available",
        "PAY_PER_REQUEST",
        1_048_576,
    )
    assert (sessions.state, sessions.attributes["billing_mode"]) == ("pending", "PROVISIONED")
    assert (carts.attributes["kms_encrypted"], sessions.attributes["kms_encrypted"]) == (True, False)


@pytest.mark.parametrize(
    "moment",
    [datetime(2024, 3, 28, 12, 57, 3, tzinfo=UTC), datetime(2024, 3, 28, 12, 57, 3), "2024-03-28T13:57:03.000+0100"],
)
def test_times_are_unix_seconds(moment: datetime | str) -> None:
    """Whatever form the provider uses; without a zone it is UTC."""
    assert unix_seconds(moment) == 1711630623


def test_tags_come_in_two_forms() -> None:
    """A list of pairs, or an object; a tag may have no value."""
    assert tags_of([{"Key": "a", "Value": "1"}, {"Key": "b"}]) == {"a": "1", "b": ""}
    assert tags_of({"a": "1"}) == {"a": "1"}
    assert tags_of(None) == {}
