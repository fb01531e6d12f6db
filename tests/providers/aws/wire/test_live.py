"""Live calls against botocore's client, at a real moto: answers, pages and errors are equal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from escher.providers.aws.calls import BotocoreCalls, Calls
from escher.providers.aws.credentials import client_settings
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.calls import LeanCalls
from escher.providers.aws.wire.service import aws_service
from escher.providers.pacing import Pacer
from tests.fixtures.declared_calls import EACH_CALL
from tests.fixtures.moto_cloud import SHOP, MotoCloud
from tests.fixtures.wire_form import asked_for

MANY = 12
PAGED = [
    ("ec2", "DescribeInstances", {}, 5, 3),
    ("ec2", "DescribeInstances", {"Filters": [{"Name": "instance-type", "Values": ["t3.micro"]}]}, 5, 3),
    ("dynamodb", "ListTables", {}, 5, 3),
    ("iam", "ListRoles", {}, None, 1),
    ("s3", "ListBuckets", {}, None, 1),
    ("lambda", "ListFunctions", {}, None, 1),
]


class OnceOnly(AwsAccess):
    """Access whose botocore clients try once, as moto's failures do not pass."""

    def client(self, account: Any, region: str, service: str, timeout_s: int = 120) -> Any:
        """A client without retries."""
        settings = client_settings(account, timeout_s=timeout_s, tries=1)
        return self._session(account)._session.create_client(service, region_name=region, **settings)


@pytest.fixture(autouse=True)
def keys(aws_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys with which moto lets anybody take a role."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture(scope="module")
def seeded(moto: MotoCloud) -> Iterator[MotoCloud]:
    """Some of everything that has pages."""
    ec2, dynamodb = moto.client("ec2", SHOP), moto.client("dynamodb", SHOP)
    for number in range(MANY):
        ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro")
        dynamodb.create_table(
            TableName=f"table-{number}", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )  # fmt: skip
    moto.client("iam", SHOP).create_role(RoleName="role", AssumeRolePolicyDocument='{"Version": "2012-10-17"}')
    moto.client("s3", SHOP).create_bucket(Bucket="bucket-a")
    yield moto


def both(
    cloud: MotoCloud, service: str, operation: str, parameters: Any, *, whole: bool, **options: Any
) -> tuple[Any, Any]:
    """What one call yields here, and through botocore."""
    account = cloud.account(SHOP, "shop")
    asked = (service, operation, parameters)
    access = OnceOnly()
    access.describe(account)

    async def called(calls: Calls) -> Any:
        try:
            if whole:
                return await calls.whole(account, "us-east-1", *asked)
            return [page async for page in calls.pages(account, "us-east-1", *asked, **options)]
        except ClientError as cause:
            return type(cause).__name__, cause.response["Error"], cause.operation_name
        except ResponseParserError:
            # moto's own breakdown, told in HTML.
            return "ResponseParserError", {}, operation
        finally:
            await calls.close()

    pacer = Pacer(first_wait_s=0)
    return asyncio.run(called(LeanCalls(access, pacer))), asyncio.run(called(BotocoreCalls(access)))


@pytest.mark.parametrize(("service", "operation", "parameters", "size", "pages"), PAGED)
def test_pages_are_equal(
    seeded: MotoCloud, service: str, operation: str, parameters: dict[str, Any], size: int | None, pages: int
) -> None:
    """As many pages, each equal, and the same when they are put together."""
    lean, botocore = both(seeded, service, operation, parameters, whole=False, page_size=size)
    assert lean == botocore
    assert len(lean) == pages
    lean, botocore = both(seeded, service, operation, parameters, whole=True)
    assert lean == botocore


@EACH_CALL
def test_declared_calls_are_equal(seeded: MotoCloud, service: str, operation: str) -> None:
    """Every call that a resource type declares has the same answer or the same error."""
    shape = aws_service(service).operation(operation).input_shape
    asked = (service, operation, asked_for(shape) if shape else {})
    lean, botocore = both(seeded, *asked, whole=True)
    assert _settled(lean) == _settled(botocore)


def test_what_is_not_covered_goes_through_botocore(seeded: MotoCloud) -> None:
    """An object's bytes come from botocore's client."""
    seeded.client("s3", SHOP).put_object(Bucket="bucket-a", Key="key", Body=b"bytes")
    account = seeded.account(SHOP, "shop")

    async def read() -> bytes:
        calls = LeanCalls(AwsAccess(), Pacer())
        answer = await calls.whole(account, "us-east-1", "s3", "GetObject", {"Bucket": "bucket-a", "Key": "key"})
        await calls.close()
        return answer["Body"].read()

    assert asyncio.run(read()) == b"bytes"


def _settled(answer: Any) -> Any:
    """Without what moto makes up anew for each call: request ids, and the time that it is."""
    match answer:
        case dict():
            return {name: _settled(value) for name, value in answer.items() if name != "RequestID"}
        case list() | tuple():
            return [_settled(value) for value in answer]
        case datetime() if abs(datetime.now(UTC) - answer).total_seconds() < 60:
            return "now"
        case _:
            return answer
