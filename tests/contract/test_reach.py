"""What calls open, move, take away and name, whatever they call themselves; and the least risk of that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from escher.contract.plan import Operation
from escher.contract.reach import backs_up, changes_rights, names_everything, opens_access, takes_away
from escher.contract.risk import at_least, floor_of, lacks_backup, raised


def call(service: str, operation: str, provider: str = "aws", effect: str = "write", **parameters: Any) -> Operation:
    """One call of a provider."""
    return Operation.model_validate(
        {"provider": provider, "service": service, "operation": operation, "parameters": parameters, "effect": effect}
    )


def policy(effect: str, **more: Any) -> str:
    """A policy document with one statement, as a script carries it."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, **more}]})


def ingress(cidr: str) -> Operation:
    """A rule that lets an address in."""
    return call(
        "ec2", "authorize-security-group-ingress", GroupId="sg-1",
        IpPermissions=[{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": cidr}]}],
    )  # fmt: skip


OPENING = [
    ingress("0.0.0.0/0"),
    call("s3api", "put-bucket-acl", Bucket="b", ACL="public-read"),
    call("s3api", "put-bucket-policy", Bucket="b", Policy=policy("Allow", Principal="*", Action="s3:GetObject")),
    call("s3api", "put-bucket-policy", Bucket="b", Policy=policy("Allow", Principal={"AWS": "*"}, Action="s3:*")),
    call("s3api", "put-public-access-block", PublicAccessBlockConfiguration={"BlockPublicAcls": False}),
    call("s3api", "delete-public-access-block", effect="destroy", Bucket="b"),
    call("rds", "modify-db-instance", DBInstanceIdentifier="db", PubliclyAccessible=True),
    call("ec2", "modify-subnet-attribute", SubnetId="subnet-1", MapPublicIpOnLaunch={"Value": True}),
    call("ec2", "modify-image-attribute", ImageId="ami-1", LaunchPermission={"Add": [{"Group": "all"}]}),
    call("storage", "account update", "azure", **{"allow-blob-public-access": "true"}),
    call("sql", "server update", "azure", **{"enable-public-network": "true"}),
    call("network", "nsg rule create", "azure", **{"source-address-prefixes": ["*"], "access": "Allow"}),
    call("storage", "buckets add-iam-policy-binding", "gcp", member="allUsers"),
    call("compute", "firewall-rules create", "gcp", **{"source-ranges": ["0.0.0.0/0"]}),
]
CLOSING = [
    ingress("10.0.0.0/8"),
    call("ec2", "revoke-security-group-ingress", effect="destroy", IpPermissions=[{"CidrIp": "0.0.0.0/0"}]),
    call("ec2", "authorize-security-group-egress", IpPermissions=[{"CidrIp": "0.0.0.0/0"}]),
    call("ec2", "describe-security-groups", effect="read", Filters=[{"Values": ["0.0.0.0/0"]}]),
    call("s3api", "put-public-access-block", PublicAccessBlockConfiguration={"BlockPublicAcls": True}),
    call("s3api", "put-bucket-policy", Bucket="b", Policy=policy("Deny", Principal="*", Action="s3:*")),
    call("rds", "modify-db-instance", DBInstanceIdentifier="db", PubliclyAccessible=False),
    call("network", "nsg rule create", "azure", **{"source-address-prefixes": ["*"], "access": "Deny"}),
    call("ec2", "create-tags", Resources=["i-1"], Tags=[{"Key": "note", "Value": "0.0.0.0/0"}]),
]


@pytest.mark.parametrize("operation", OPENING, ids=lambda one: f"{one.service} {one.operation}")
def test_what_lets_everybody_in_is_high(operation: Operation) -> None:
    """Addresses, grants, policies and switches, in the words of each cloud."""
    assert (opens_access(operation), floor_of([operation])) == (True, "high")


@pytest.mark.parametrize("operation", CLOSING, ids=lambda one: f"{one.service} {one.operation}")
def test_what_keeps_people_out_opens_nothing(operation: Operation) -> None:
    """Revoking, denying, reading, going out, and words in tags."""
    assert not opens_access(operation)


@pytest.mark.parametrize(
    ("operation", "moves"),
    [
        (
            call("iam", "attach-role-policy", RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
            True,
        ),
        (call("iam", "add-user-to-group", UserName="u", GroupName="g"), True),
        (call("lambda", "add-permission", FunctionName="f"), True),
        (call("kms", "put-key-policy", KeyId="k"), True),
        (call("kms", "create-grant", KeyId="k"), True),
        (call("role", "assignment create", "azure", role="Owner"), True),
        (call("keyvault", "set-policy", "azure", name="v"), True),
        (call("projects", "add-iam-policy-binding", "gcp", role="roles/owner"), True),
        (call("storage", "storage.buckets.setIamPolicy", "gcp"), True),
        (call("iam", "tag-role", RoleName="r"), False),
        (call("logs", "put-retention-policy", logGroupName="l"), False),
        (call("autoscaling", "put-scaling-policy", AutoScalingGroupName="a"), False),
        (call("iam", "get-role", effect="read", RoleName="r"), False),
    ],
    ids=lambda one: f"{one.service} {one.operation}" if isinstance(one, Operation) else str(one),
)
def test_what_moves_rights_is_high(operation: Operation, moves: bool) -> None:
    """Rights of people, roles and resources; not every policy is about rights."""
    assert (changes_rights(operation), floor_of([operation]) == "high") == (moves, moves)


@pytest.mark.parametrize(
    ("operation", "everything"),
    [
        (call("rds", "delete-db-snapshot", effect="destroy", DBSnapshotIdentifier="*"), True),
        (call("storage", "rm", "gcp", effect="destroy", urls=["gs://bucket/**"]), True),
        (call("iam", "put-role-policy", RoleName="r", PolicyDocument=policy("Allow", Action="*", Resource="*")), True),
        (
            call("iam", "put-role-policy", RoleName="r", PolicyDocument=policy("Allow", Action="s3:*", Resource="*")),
            True,
        ),
        (call("iam", "put-role-policy", RoleName="r", PolicyDocument=policy("Deny", Action="*", Resource="*")), False),
        (call("iam", "put-role-policy", RoleName="r", PolicyDocument=policy("Allow", Action="s3:GetObject")), False),
        (call("events", "put-rule", Name="nightly", ScheduleExpression="cron(0 22 * * ? *)"), False),
        (call("ec2", "describe-instances", effect="read", InstanceIds=["*"]), False),
        (call("ec2", "create-tags", Resources=["i-1"], Tags=[{"Key": "note", "Value": "*"}]), False),
    ],
    ids=lambda one: f"{one.service} {one.operation}" if isinstance(one, Operation) else str(one),
)
def test_a_wildcard_where_a_name_belongs_is_seen(operation: Operation, everything: bool) -> None:
    """In names and in what is granted; a schedule's stars and a tag's are none."""
    assert names_everything(operation) == everything


def test_data_goes_only_after_a_copy() -> None:
    """A stop or a deletion of data without a snapshot before it is noticed, in every cloud's words."""
    drop = call("ec2", "delete-volume", effect="destroy", VolumeId="vol-1")
    copies = (
        call("ec2", "create-snapshot"), call("snapshot", "create", "azure"), call("backup", "start-backup-job"),
        call("compute", "compute.disks.createSnapshot", "gcp"), call("compute", "snapshots.begin_create_or_update", "azure"),
    )  # fmt: skip
    assert takes_away(drop) and all(map(backs_up, copies))
    assert lacks_backup([drop], ["disk"]) and lacks_backup([drop, copies[0]], ["disk"])
    assert not any(lacks_backup([copy, drop], ["disk"]) for copy in copies)
    assert lacks_backup([call("rds", "stop-db-instance")], ["database_instance"])
    assert not lacks_backup([call("ec2", "stop-instances")], ["compute_instance"])


def test_risk_never_sinks_below_its_parts() -> None:
    """What destroys, is secret or is unknown is high; what was generated at least medium; the top is critical."""
    assert [floor_of([call("x", "y", effect=effect)]) for effect in ("read", "write", "secret", "destroy", "unknown")] == [
        "low", "low", "high", "high", "high",
    ]  # fmt: skip
    assert floor_of([], "ai_generated") == "medium"
    assert (at_least("low", "high", "medium"), raised("high", 2), raised("low", 0)) == ("high", "critical", "low")


def test_endless_nesting_ends() -> None:
    """A document as deep as a parser lets through is looked at, not fallen into."""
    deep = '{"a":' * 900 + "1" + "}" * 900
    operation = call("iam", "put-role-policy", RoleName="r", PolicyDocument=deep, Other=json.loads(deep))
    assert (opens_access(operation), names_everything(operation), changes_rights(operation)) == (False, False, True)
