"""Answers in the form that the operation's protocol wants: results, and errors with a status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from moto.core.serialize import get_serializer_class
from werkzeug.wrappers import Response

from escher.demo.clouds.aws.call import Call

_REQUEST_ID = "00000000-0000-4000-8000-000000000000"


class Refused(Exception):
    """What the demo refuses, with AWS's code."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def answer(call: Call, result: Mapping[str, Any]) -> Response:
    """A result by the names of botocore, as the operation's protocol writes it."""
    assert call.model is not None
    serializer = get_serializer_class(str(call.model.service_model.service_name), call.protocol)(call.model)
    said = serializer.serialize(result)
    return Response(said["body"], said["status_code"], dict(said["headers"]))


def refusal(call: Call, refused: Refused) -> Response:
    """An error as the operation's protocol writes it."""
    protocol = call.protocol if call.model else "json"
    headers = {"x-amzn-requestid": _REQUEST_ID}
    if "json" in protocol or "cbor" in protocol:
        body = json.dumps({"__type": refused.code, "message": refused.message})
        headers |= {"x-amzn-errortype": refused.code, "content-type": "application/json"}
    else:
        body = _xml(call.service, refused)
        headers |= {"content-type": "text/xml"}
    return Response(body, refused.status, headers)


def _xml(service: str, refused: Refused) -> str:
    said = f"<Code>{escape(refused.code)}</Code><Message>{escape(refused.message)}</Message>"
    match service:
        case "ec2":
            return f"<Response><Errors><Error>{said}</Error></Errors><RequestID>{_REQUEST_ID}</RequestID></Response>"
        case "s3":
            return f"<Error>{said}<RequestId>{_REQUEST_ID}</RequestId></Error>"
        case _:
            who = "Sender" if refused.status < 500 else "Receiver"
            error = f"<Error><Type>{who}</Type>{said}</Error>"
            return f"<ErrorResponse>{error}<RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
