"""Every call that a resource type declares is read as botocore reads it: fixtures and real answers, put back into bytes."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError

from escher.providers.aws.wire.service import aws_service, covered
from escher.providers.declarations import ResourceType
from tests.fixtures.answers import FOLDER, answers_for
from tests.fixtures.declared_calls import EACH_CALL, TYPES, calls_of
from tests.fixtures.wire_form import asked_for, by_botocore, wire_form


def compare(service: str, operation: str, answer: dict[str, Any]) -> bool:
    """Both read one answer alike; whether there was anything in it."""
    reply = wire_form(service, operation, answer)
    model = aws_service(service).operation(operation)
    asked = asked_for(model.input_shape) if model.input_shape else {}
    expected = by_botocore(service, operation, reply, asked)
    assert aws_service(service).reader(operation).read(reply) == expected
    return bool(expected)


@EACH_CALL
def test_every_declared_call_is_covered(service: str, operation: str) -> None:
    """No declared call has to go through botocore's clients."""
    assert covered(service, operation)


# That no fixture is missing is a matter of the conformance test.
WITH_FIXTURE = [declared for declared in TYPES if (FOLDER / f"{declared.name}.json").exists()]


@pytest.mark.parametrize("declared", WITH_FIXTURE, ids=lambda declared: declared.name)
def test_fixtures_are_read_as_botocore_reads_them(declared: ResourceType) -> None:
    """The answers of the type's fixture, as bytes, come out equal."""
    services = calls_of(declared)
    answers = [
        (services[operation], operation, answer["data"])
        for operation, given in answers_for(declared.name).items()
        for answer in given
        if "data" in answer
    ]
    read = [compare(*answer) for answer in answers]
    assert any(read)


def test_real_answers_are_read_as_botocore_reads_them() -> None:
    """What real AWS answered, to declared calls and to others, comes out equal."""
    folder = Path(os.environ.get("ESCHER_REAL_DATA", "/nowhere")) / "recorded/aws"
    calls = [path.name.split(".") for path in sorted(folder.glob("*.*")) if path.is_dir()]
    if not calls:
        pytest.skip("ESCHER_REAL_DATA does not name a folder with recorded/aws, so real answers are not read.")
    read = [
        compare(service, operation, answer)
        for service, operation in calls
        if _is_known(service, operation)
        for answer in _recorded(service, operation)
    ]
    assert sum(read) > len(read) / 2


def _is_known(service: str, operation: str) -> bool:
    try:
        return covered(service, operation)
    except (OperationNotFoundError, UnknownServiceError):
        # Recorded with another version of the models.
        return False


def _recorded(service: str, operation: str) -> list[dict[str, Any]]:
    folder = Path(os.environ.get("ESCHER_REAL_DATA", "/nowhere")) / "recorded/aws" / f"{service}.{operation}"
    read = [json.loads(file.read_text("utf-8"), object_hook=_with_time) for file in sorted(folder.glob("*.json"))]
    return [answer["data"] for answer in read if answer.get("status_code") == 200]


def _with_time(value: dict[str, Any]) -> Any:
    if value.get("__class__") != "datetime":
        return value
    return datetime(*(value[part] for part in ("year", "month", "day", "hour", "minute", "second")), tzinfo=UTC)
