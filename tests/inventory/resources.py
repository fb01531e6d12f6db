"""Resources of tests, without any cloud."""

from __future__ import annotations

from typing import Any

from escher.contract.estate import Resource
from escher.inventory.plan import ScanRequest
from escher.providers.registry import resource_types

# Types that plain moto serves; it has no simulation of permissions.
TYPES = (
    "aws_dynamodb_table", "aws_ebs_snapshot", "aws_ebs_volume", "aws_ec2_instance", "aws_iam_role",
    "aws_lambda_function", "aws_rds_db_instance", "aws_s3_bucket", "aws_vpc_eip", "aws_vpc_security_group",
)  # fmt: skip
SMALL_SCAN = ScanRequest(types=TYPES, permissions=False)


def only(*types: str, **changes: Any) -> ScanRequest:
    """A scan of these types, without permissions."""
    return ScanRequest(types=types, permissions=False, **changes)


NOW = 1_750_000_000
DAY = 86_400


def resource(identifier: str, type_: str = "aws_ec2_instance", **changes: Any) -> Resource:
    """A resource of a declared type; `changes` are fields of `Resource`."""
    usual: dict[str, Any] = {
        "provider": "aws",
        "account_id": "111111111111",
        "region": "us-east-1",
        "resource_type": type_,
        "kind": resource_types()[type_].kind,
        "resource_id": f"arn:aws:x:us-east-1:111111111111:x/{identifier}",
        "identifier": identifier,
        "name": identifier,
        "state": "running",
        "native_state": "running",
        "last_synced": NOW,
    }
    return Resource(**usual | changes)


SMALL = (
    resource(
        "i-1",
        name="canary-name",
        tags={"env": "dev", "team": "canary-team"},
        attributes={"instance_type": "t3.large", "public": True, "created_at": NOW - 10 * DAY},
    ),
    resource("i-2", region="eu-west-1", state="stopped", native_state="stopped", tags={"env": "prod"}),
    resource(
        "vol-1",
        "aws_ebs_volume",
        state="available",
        native_state="available",
        attributes={"size_gib": 100, "attached": False, "encrypted": True, "created_at": NOW - DAY},
    ),
)
