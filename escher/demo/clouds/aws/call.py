"""A signed request as the demo reads it: who calls which operation where, and with what."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import HTTPException

# What services sign as, where botocore knows them by another name.
_SDK_NAMES = {
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "elasticfilesystem": "efs",
    "elasticmapreduce": "emr",
    "cloudcontrolapi": "cloudcontrol",
}
_CLASSIC_LOAD_BALANCING = "2012-06-01"
_OPENSEARCH = "/2021-01-01/"


@dataclass(frozen=True)
class Call:
    """One signed request. `service` is the name it is signed for; `operation` is empty when nobody knows it."""

    service: str
    region: str
    account_id: str
    access_key: str
    request: Request
    _routed: tuple[OperationModel, dict[str, Any]] | None = None

    @property
    def model(self) -> OperationModel | None:
        """The operation as botocore describes it."""
        return self._routed[0] if self._routed else None

    @property
    def operation(self) -> str:
        """The operation's name; method and path of a request that is no known operation."""
        return str(self._routed[0].name) if self._routed else f"{self.request.method} {self.request.path}"

    @property
    def protocol(self) -> str:
        """The protocol of request and answer."""
        assert self.model is not None
        return determine_request_protocol(self.model.service_model, self.request.content_type)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """What the operation was called with, by the names of botocore."""
        if self._routed is None:
            return {}
        model, labels = self._routed
        parser = PROTOCOL_PARSERS[self.protocol](model)
        request = self.request
        return dict(
            parser.parse(
                {
                    "method": request.method,
                    "values": request.values,
                    "headers": request.headers,
                    "body": request.data,
                    "url_path": request.path,
                    "url_params": labels,
                }
            )
        )


def read_call(environ: dict[str, Any]) -> Call | None:
    """The call that a request makes; None for one that is not signed. The body can be read again afterwards."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0].split("/")
    if len(scope) != 5:
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    request = Request(dict(environ) | {"wsgi.input": io.BytesIO(body)})
    request.get_data(cache=True, parse_form_data=False)
    account_id = environ.get("HTTP_X_MOTO_ACCOUNT_ID") or get_account_id_from(scope[0])
    return Call(scope[3], scope[2], account_id, scope[0], request, _route(scope[3], request))


def _route(service: str, request: Request) -> tuple[OperationModel, dict[str, Any]] | None:
    """The operation that a request means, and what its path says; None when botocore has none such."""
    try:
        return get_service_router(_sdk_name(service, request)).match(request)
    except (HTTPException, NotImplementedError, UnknownServiceError):
        return None


def _sdk_name(service: str, request: Request) -> str:
    match service:
        case "elasticloadbalancing":
            return "elb" if _CLASSIC_LOAD_BALANCING in request.get_data(as_text=True) else "elbv2"
        case "es":
            return "opensearch" if request.path.startswith(_OPENSEARCH) else "es"
        case "apigateway":
            return "apigatewayv2" if request.path.startswith("/v2/") else "apigateway"
        case "s3" if request.path.startswith("/v20180820/"):
            return "s3control"
        case "dynamodb" if request.headers.get("X-Amz-Target", "").startswith("DynamoDBStreams"):
            return "dynamodbstreams"
        case "ses" if request.path.startswith("/v2/"):
            return "sesv2"
        case _:
            return _SDK_NAMES.get(service, service)
