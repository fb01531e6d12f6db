"""What there is in a moto, as boto3 lists it: the independent check on the estate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from escher.contract.estate import GLOBAL
from escher.providers.registry import resource_types
from escher.store.estate import EstateStore
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, MotoCloud

Place = tuple[str, str, str]
"""Account, region (`global` for what is listed once) and resource type: a scope."""

Ids = Callable[[Any], Iterable[str]]
_OWN = {"OwnerIds": ["self"]}
_LISTED: dict[str, tuple[str, Ids]] = {
    "aws_dynamodb_table": ("dynamodb", lambda ddb: _all(ddb, "list_tables", "TableNames[]")),
    "aws_ebs_snapshot": ("ec2", lambda ec2: _all(ec2, "describe_snapshots", "Snapshots[].SnapshotId", **_OWN)),
    "aws_ebs_volume": ("ec2", lambda ec2: _all(ec2, "describe_volumes", "Volumes[].VolumeId")),
    "aws_ec2_instance": (
        "ec2",
        lambda ec2: _all(ec2, "describe_instances", "Reservations[].Instances[].InstanceId"),
    ),
    "aws_iam_role": ("iam", lambda iam: _all(iam, "list_roles", "Roles[].RoleName")),
    "aws_lambda_function": ("lambda", lambda fun: _all(fun, "list_functions", "Functions[].FunctionName")),
    "aws_rds_db_instance": (
        "rds",
        lambda rds: _all(rds, "describe_db_instances", "DBInstances[].DBInstanceIdentifier"),
    ),
    "aws_s3_bucket": ("s3", lambda s3: [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]),
    "aws_vpc_eip": ("ec2", lambda ec2: [one["AllocationId"] for one in ec2.describe_addresses()["Addresses"]]),
    "aws_vpc_security_group": (
        "ec2",
        lambda ec2: _all(ec2, "describe_security_groups", "SecurityGroups[].GroupId"),
    ),
}


def in_the_cloud(moto: MotoCloud) -> dict[Place, set[str]]:
    """The identifiers of all that there is in both accounts, scope by scope."""
    return {
        (account_id, region, type_): set(ids(moto.client(service, account_id, _asked(region))))
        for account_id in (SHOP, DATA)
        for type_, (service, ids) in _LISTED.items()
        for region in _regions(type_)
    }


def in_the_estate(estate: EstateStore) -> dict[Place, set[str]]:
    """The identifiers of all that is stored, scope by scope, by the same scopes; empty ones too."""
    found: dict[Place, set[str]] = {
        (account_id, region, type_): set()
        for account_id in (SHOP, DATA)
        for type_ in _LISTED
        for region in _regions(type_)
    }
    for one in estate.snapshot().resources.values():
        region = one.region if _regions(one.resource_type) == REGIONS else GLOBAL
        found[one.account_id, region, one.resource_type].add(one.identifier)
    return found


def _regions(type_: str) -> tuple[str, ...]:
    return REGIONS if resource_types()[type_].reach == "regional" else (GLOBAL,)


def _asked(region: str) -> str:
    return REGIONS[0] if region == GLOBAL else region


def _all(client: Any, operation: str, path: str, **arguments: Any) -> list[str]:
    return list(client.get_paginator(operation).paginate(**arguments).search(path))
