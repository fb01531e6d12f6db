"""Faults, delay and the record of calls; regions and the organisation."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from escher.demo.blueprint.company import ACCOUNTS
from tests.demo.aws.conftest import AwsDemo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo-aws")]


def _code(failed: Any) -> str:
    with pytest.raises(ClientError) as raised:
        failed()
    return raised.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    ("service", "operation"),
    [("ec2", "describe_volumes"), ("s3", "list_buckets"), ("rds", "describe_db_instances"), ("iam", "list_roles"),
     ("lambda", "list_functions"), ("dynamodb", "list_tables"), ("sqs", "list_queues"), ("eks", "list_clusters"),
     ("cloudwatch", "describe_alarms"), ("route53", "list_hosted_zones"), ("elbv2", "describe_load_balancers")],
)  # fmt: skip
def test_a_fault_is_an_error_of_every_protocol(aws: AwsDemo, service: str, operation: str) -> None:
    """boto3 reads code and status of a refusal, whatever the service speaks."""
    aws.switch("POST", "faults", {"code": "AccessDenied", "status": 403})
    with pytest.raises(ClientError) as raised:
        getattr(aws.client(service), operation)()
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_fault_strikes_only_what_it_names(aws: AwsDemo) -> None:
    """Service, operation, region and account narrow it."""
    aws.switch(
        "POST", "faults",
        {"service": "ec2", "operation": "^Describe(Volumes|Snapshots)$", "region": "eu-west-1",
         "account": ACCOUNTS["analytics"], "code": "UnauthorizedOperation", "status": 403},
    )  # fmt: skip
    ireland = aws.client("ec2", "analytics", "eu-west-1")
    assert _code(ireland.describe_volumes) == "UnauthorizedOperation"
    assert ireland.describe_addresses()["Addresses"] is not None
    assert aws.client("ec2", "analytics", "us-east-1").describe_volumes()["Volumes"]
    assert aws.client("ec2", "web-shop", "eu-west-1").describe_volumes()["Volumes"]


def test_a_fault_ends_after_its_times(aws: AwsDemo) -> None:
    """Twice it fails, then it answers."""
    aws.switch("POST", "faults", {"service": "rds", "code": "Throttling", "status": 400, "times": 2})
    rds = aws.client("rds")
    assert [_code(rds.describe_db_instances) for _ in range(2)] == ["Throttling", "Throttling"]
    assert rds.describe_db_instances()["DBInstances"]


def test_a_share_of_the_calls_fails_evenly(aws: AwsDemo) -> None:
    """Thirty per cent of 20 calls are six, however many call at once."""
    aws.switch("POST", "faults", {"service": "dynamodb", "code": "ThrottlingException", "status": 400, "share": 0.3})
    dynamodb, failed = aws.client("dynamodb"), []

    def call() -> None:
        try:
            dynamodb.list_tables()
        except ClientError:
            failed.append(1)

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 6


def test_calls_are_told(aws: AwsDemo) -> None:
    """What was called, where, in order."""
    aws.client("ec2", "sandbox", "eu-west-1").describe_vpcs()
    aws.client("lambda").list_functions()
    assert aws.switch("GET", "calls") == [
        {"service": "ec2", "operation": "DescribeVpcs", "region": "eu-west-1", "account": ACCOUNTS["sandbox"]},
        {"service": "lambda", "operation": "ListFunctions", "region": "us-east-1", "account": ACCOUNTS["web-shop"]},
    ]
    aws.switch("DELETE", "calls")
    assert aws.switch("GET", "calls") == []


def test_one_account_has_one_region_less(aws: AwsDemo) -> None:
    """DescribeRegions leaves it out, ListRegions calls it disabled, and every call there is refused."""

    def regions(account: str) -> set[str]:
        return {one["RegionName"] for one in aws.client("ec2", account).describe_regions()["Regions"]}

    assert regions("web-shop") - regions("sandbox") == {"eu-south-1"}
    assert {"us-east-1", "eu-west-1", "us-west-2"} < regions("sandbox")
    disabled = aws.client("account", "sandbox").list_regions(RegionOptStatusContains=["DISABLED"])["Regions"]
    assert "eu-south-1" in {one["RegionName"] for one in disabled}
    assert _code(aws.client("ec2", "sandbox", "eu-south-1").describe_vpcs) == "AuthFailure"
    assert _code(aws.client("dynamodb", "sandbox", "eu-south-1").list_tables) == "UnrecognizedClientException"
    assert aws.client("dynamodb", "web-shop", "eu-south-1").list_tables()["TableNames"] == []


def test_the_organisation_has_the_three_accounts(aws: AwsDemo) -> None:
    """The managing account lists them; a member may not."""
    listed = aws.client("organizations").list_accounts()["Accounts"]
    assert {one["Name"]: one["Id"] for one in listed} == ACCOUNTS
    assert {one["Status"] for one in listed} == {"ACTIVE"}
    assert _code(aws.client("organizations", "sandbox").list_accounts) == "AccessDeniedException"
