"""The hosts that a script's calls go to, as botocore's own data names them. Nothing is asked of AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError

from escher.contract.plan import Operation
from escher.providers.aws.models import new_session

# Where the CLI has another name for a service than botocore.
_SDK_NAMES = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy", "cloudcontrolapi": "cloudcontrol"}
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def hosts(operations: Sequence[Operation], region: str) -> tuple[str, ...]:
    """The hosts of the operations' services in a region; for S3 also those of the buckets that are named."""
    found: set[str] = set()
    for operation in operations:
        service = _SDK_NAMES.get(operation.service, operation.service)
        names = _of_service(service, region)
        found.update(names)
        if service == "s3":
            found.update(f"{bucket}.{name}" for bucket in _buckets(operation.parameters) for name in names)
    return tuple(sorted(found))


@cache
def _of_service(service: str, region: str) -> tuple[str, ...]:
    session = new_session()
    try:
        metadata = session.get_component("data_loader").load_service_model(service, "service-2")["metadata"]
    except (DataNotFoundError, UnknownServiceError):
        return ()
    found = session._get_internal_component("endpoint_resolver").construct_endpoint(metadata["endpointPrefix"], region)
    if not found:
        return ()
    # S3's oldest region also answers by the name that it had before there were others.
    return (found["hostname"], *(["s3.amazonaws.com"] if (service, region) == ("s3", "us-east-1") else []))


def _buckets(parameters: Any) -> Iterator[str]:
    """Every word that a bucket could be called: the bucket itself, or `s3://bucket/…`."""
    if isinstance(parameters, dict):
        for name, value in parameters.items():  # pyright: ignore[reportUnknownVariableType]  # JSON
            if str(name).lower() in ("bucket", "paths", "source", "target"):  # pyright: ignore[reportUnknownArgumentType]  # JSON
                yield from _named(value)
    elif isinstance(parameters, list | tuple):
        yield from _named(parameters)


def _named(value: Any) -> Iterator[str]:
    for word in value if isinstance(value, list | tuple) else [value]:  # pyright: ignore[reportUnknownVariableType]  # JSON
        bucket = str(word).removeprefix("s3://").partition("/")[0]  # pyright: ignore[reportUnknownArgumentType]  # JSON
        if _BUCKET.fullmatch(bucket):
            yield bucket
