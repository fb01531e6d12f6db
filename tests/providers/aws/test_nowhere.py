"""A service that is not in a region has nothing there; one that does not answer was not seen."""

from __future__ import annotations

import pytest

from escher.contract.estate import Account
from escher.providers.aws.reader import AwsReader
from escher.providers.aws.session import AwsAccess
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Unit

LIGHTSAIL = resource_types()["aws_lightsail_instance"]


def unit(region: str) -> Unit:
    """A scope at an address where nobody is."""
    return Unit(Account("aws", "111111111111", "shop", endpoint_url="http://127.0.0.1:9"), region, LIGHTSAIL)


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


async def pages(region: str) -> int:
    """How many pages come."""
    reader = AwsReader(AwsAccess())
    try:
        return len([page async for page in reader.pages((unit(region),))])
    finally:
        await reader.close()


async def test_where_a_service_is_not_there_is_nothing() -> None:
    """Nobody answers, and botocore knows of nobody there."""
    assert await pages("me-south-1") == 0


async def test_a_service_that_should_answer_and_does_not_is_a_failure() -> None:
    """Then the scope was not seen."""
    with pytest.raises(ReadFailed, match="EndpointConnectionError"):
        await pages("us-east-1")
