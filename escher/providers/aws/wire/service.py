"""What is known of one AWS service, made once for all accounts: its model, serializer, errors, paginators and readers."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

from botocore.errorfactory import ClientExceptionsFactory
from botocore.exceptions import DataNotFoundError
from botocore.paginate import Paginator
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.utils import S3ControlArnParamHandlerv2

from escher.providers.aws.models import new_session
from escher.providers.aws.wire.answers import AnswerReader

PROTOCOLS = ("ec2", "json", "rest-json", "query", "rest-xml")
"""The protocols that are read here, best first."""

_SENT_OTHERWISE = frozenset({("cloudsearchdomain", "Search"), ("machinelearning", "Predict")})
"""Requests that botocore rewrites after they are built."""


def covered(service: str, operation: str) -> bool:
    """Whether an operation is read here; all others go through botocore.

    Left to it are protocols that are not read here, event streams and other streamed answers and requests, operations
    that are not signed with SigV4, and endpoints that must be discovered with a call of their own.
    """
    of = aws_service(service)
    model = of.model.operation_model(operation)
    return (
        bool(of.protocol)
        and not (model.has_event_stream_output or model.has_event_stream_input)
        and not (model.has_streaming_output or model.has_streaming_input)
        and not (model.endpoint_discovery and model.endpoint_discovery.get("required"))
        and (service, operation) not in _SENT_OTHERWISE
    )


@cache
def shared_session() -> Any:
    """A session without credentials that all services are made from."""
    return new_session()


@cache
def aws_service(name: str) -> AwsService:
    """A service by botocore's name. Raises UnknownServiceError."""
    return AwsService(name)


class AwsService:
    """One service. `protocol` is the one that its answers are read in; empty when none of them is read here."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._loader = shared_session().get_component("data_loader")
        self.model = shared_session().get_service_model(name)
        self.protocol = _protocol(self.model)
        self.events_id = self.model.service_id.hyphenize()
        self.emitter = shared_session().get_component("event_emitter")
        if name == "s3control":
            S3ControlArnParamHandlerv2().register(self.emitter)
        self._handled: dict[str, bool] = {}
        self._readers: dict[str, AnswerReader] = {}
        self._paginators: dict[str, Any] = {}

    def emit(self, event: str, operation: str, **facts: Any) -> None:
        """Let botocore's handlers of an event work, if there are any."""
        name = f"{event}.{self.events_id}.{operation}"
        if name not in self._handled:
            emitter = self.emitter._emitter
            self._handled[name] = bool(emitter._handlers.prefix_search(self.emitter._alias_event_name(name)))
        if self._handled[name]:
            self.emitter.emit(name, **facts)

    def operation(self, name: str) -> Any:
        """Botocore's model of an operation."""
        return self.model.operation_model(name)

    def reader(self, operation: str) -> AnswerReader:
        """What reads the answers of an operation."""
        if operation not in self._readers:
            self._readers[operation] = AnswerReader(self, self.operation(operation))
        return self._readers[operation]

    def paginator(self, operation: str) -> Any:
        """Botocore's paginator of an operation, which sends nothing itself; None when there are no pages."""
        if operation not in self._paginators:
            rules = self._paging.get(operation)
            self._paginators[operation] = rules and Paginator(None, rules, self.operation(operation))
        return self._paginators[operation]

    @cached_property
    def error_parser(self) -> Any:
        """Botocore's own parser, for the errors and headers of the protocol."""
        return create_parser(self.protocol)

    @cached_property
    def exceptions(self) -> Any:
        """The exception classes of the service, as its botocore client has them."""
        return ClientExceptionsFactory().create_client_exceptions(self.model)

    @cached_property
    def serializer(self) -> Any:
        """Makes requests of parameters."""
        return create_serializer(self.protocol, include_validation=False)

    @cached_property
    def rules(self) -> Any:
        """The rules that endpoints are found by; None for a service without."""
        try:
            return self._loader.load_service_model(self.name, "endpoint-rule-set-1")
        except DataNotFoundError:
            return None

    @cached_property
    def partitions(self) -> Any:
        """The partitions that the rules know."""
        return self._loader.load_data("partitions")

    @cached_property
    def _paging(self) -> dict[str, Any]:
        try:
            return self._loader.load_service_model(self.name, "paginators-1")["pagination"]
        except DataNotFoundError:
            return {}


def _protocol(model: Any) -> str:
    resolved = str(model.resolved_protocol)
    if resolved in PROTOCOLS:
        return resolved
    listed = model.metadata.get("protocols") or ()
    return next((protocol for protocol in PROTOCOLS if protocol in listed), "")
