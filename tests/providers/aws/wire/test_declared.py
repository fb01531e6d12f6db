"""Every call that a resource type declares is read as botocore reads it: fixtures and real answers, put back into bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escher.providers.aws.wire.service import aws_service, covered
from escher.providers.declarations import ListCall, ResourceType
from escher.providers.registry import resource_types
from tests.fixtures.answers import answers_for
from tests.fixtures.wire_form import asked_for, by_botocore, wire_form

TYPES = tuple(declared for declared in resource_types().values() if declared.provider == "aws")


def calls_of(declared: ResourceType) -> dict[str, str]:
    """The operations that a type is read with, and the service of each."""
    calls = dict.fromkeys(_listed(declared.listing), declared.service)
    return calls | {detail.operation: detail.service or declared.service for detail in declared.details}


def _listed(listing: ListCall) -> Iterator[str]:
    yield listing.operation
    if listing.batch:
        yield listing.batch.operation
    if listing.per:
        yield from _listed(listing.per)


CALLS = sorted({(service, operation) for declared in TYPES for operation, service in calls_of(declared).items()})


def compare(service: str, operation: str, answer: dict[str, Any]) -> bool:
    """Both read one answer alike; whether there was anything in it."""
    reply = wire_form(service, operation, answer)
    model = aws_service(service).operation(operation)
    asked = asked_for(model.input_shape) if model.input_shape else {}
    expected = by_botocore(service, operation, reply, asked)
    assert aws_service(service).reader(operation).read(reply) == expected
    return bool(expected)


@pytest.mark.parametrize(("service", "operation"), CALLS, ids=".".join)
def test_every_declared_call_is_covered(service: str, operation: str) -> None:
    """No declared call has to go through botocore's clients."""
    assert covered(service, operation)


@pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)
def test_fixtures_are_read_as_botocore_reads_them(declared: ResourceType) -> None:
    """The answers of the type's fixture, as bytes, come out equal."""
    services = calls_of(declared)
    answers = [
        (services[operation], operation, answer["data"])
        for operation, given in answers_for(declared.name).items()
        for answer in given
        if "data" in answer
    ]
    assert any([compare(*answer) for answer in answers])


@pytest.mark.parametrize(("service", "operation"), CALLS, ids=".".join)
def test_real_answers_are_read_as_botocore_reads_them(service: str, operation: str) -> None:
    """Answers that real AWS gave, as bytes, come out equal."""
    answers = _recorded(service, operation)
    if not answers:
        pytest.skip(f"ESCHER_REAL_DATA names no folder with recorded/aws/{service}.{operation}.")
    assert [compare(service, operation, answer) for answer in answers]


def _recorded(service: str, operation: str) -> list[dict[str, Any]]:
    folder = Path(os.environ.get("ESCHER_REAL_DATA", "/nowhere")) / "recorded/aws" / f"{service}.{operation}"
    read = [json.loads(file.read_text("utf-8"), object_hook=_with_time) for file in sorted(folder.glob("*.json"))]
    return [answer["data"] for answer in read if answer.get("status_code") == 200]


def _with_time(value: dict[str, Any]) -> Any:
    if value.get("__class__") != "datetime":
        return value
    return datetime(*(value[part] for part in ("year", "month", "day", "hour", "minute", "second")), tzinfo=UTC)
