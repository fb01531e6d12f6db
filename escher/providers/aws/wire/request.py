"""From a call's parameters to a request: botocore's serializers and rules, and its checks of what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from botocore.awsrequest import prepare_request_dict
from botocore.exceptions import ParamValidationError
from botocore.httpchecksum import apply_request_checksum, resolve_checksum_context
from botocore.validate import ParamValidator

from escher.providers.aws.wire.endpoints import Endpoint
from escher.providers.aws.wire.signing import Request

_MOST_FORMS = 10_000
_validated: set[tuple[Any, ...]] = set()


def build(endpoint: Endpoint, operation: str, parameters: Mapping[str, Any]) -> Request:
    """The request of a call. Raises ParamValidationError and what else botocore raises before it sends."""
    service = endpoint.service
    model = service.operation(operation)
    context = _context(endpoint, model)
    asked = dict(parameters)
    service.emit("before-parameter-build", operation, params=asked, model=model, context=context)
    target = endpoint.target(model, asked, context)
    _validate(service.name, model, asked)
    made = service.serializer.serialize_to_request(asked, model)
    if not endpoint.config.inject_host_prefix:
        made.pop("host_prefix", None)
    made["headers"].update(target.headers)
    prepare_request_dict(made, endpoint_url=target.url, context=context, user_agent=endpoint.user_agent)
    if model.http_checksum or model.http_checksum_required:
        resolve_checksum_context(made, model, asked)
        apply_request_checksum(made)
    service.emit("before-call", operation, model=model, params=made, request_signer=None, context=context)
    headers = {name: _string(value) for name, value in made["headers"].items()}
    return Request(made["method"], made["url"], headers, _body(made["body"]), target.scope)


def _context(endpoint: Endpoint, model: Any) -> dict[str, Any]:
    """Botocore's request context, as its client begins it."""
    return {
        "client_region": endpoint.region,
        "client_config": endpoint.config,
        "has_streaming_input": False,
        "auth_type": model.resolved_auth_type,
        "unsigned_payload": model.unsigned_payload,
        "auth_options": endpoint.service.model.metadata.get("auth"),
    }


def _validate(service: str, model: Any, asked: dict[str, Any]) -> None:
    """Check parameters of a form once: the same names with values of the same types, empty or not."""
    form = (service, model.name, *((name, type(value), bool(value)) for name, value in asked.items()))
    if form in _validated or model.input_shape is None:
        return
    report = ParamValidator().validate(asked, model.input_shape)
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())
    if len(_validated) < _MOST_FORMS:
        _validated.add(form)


def _body(body: Any) -> bytes:
    if isinstance(body, dict):
        return urlencode([(str(name), value) for name, value in body.items()], doseq=True).encode()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _string(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
