"""From the bytes of an answer to what botocore's client would return of it, or the exception that it would raise."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import HeadersDict
from botocore.parsers import ResponseParserError

from escher.providers.aws.wire import json, xml

if TYPE_CHECKING:
    from escher.providers.aws.wire.service import AwsService

Body = Callable[[bytes], dict[str, Any]]
_LOCATED = ("header", "headers", "statusCode")
_LONG = 64 * 1024
_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_NOT_ANSWERS = frozenset({"html", "Error", "ErrorResponse"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a request. `headers` are found without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AnswerReader:
    """Reads the answers of one operation."""

    def __init__(self, service: AwsService, model: Any) -> None:
        self._service, self._model = service, model
        self._shape = model.output_shape
        members = self._shape.members if self._shape else {}
        self._has_headers = any(member.serialization.get("location") for member in members.values())
        self._has_body = any(member.serialization.get("location") not in _LOCATED for member in members.values())
        self._read = self._body_reader()
        self._is_head = model.http.get("method") == "HEAD"

    def read(self, reply: Reply) -> dict[str, Any]:
        """The answer, without ResponseMetadata. Raises ClientError, and ResponseParserError for a malformed answer."""
        if reply.status >= 300:
            raise self.error(reply)
        response: dict[str, Any] = {
            "status_code": reply.status,
            "headers": reply.headers,
            "body": reply.body,
            "context": {},
        }
        extra = self._before_parse(response)
        if response["status_code"] >= 300:
            raise self.error(Reply(response["status_code"], reply.headers, reply.body))
        answer = self._parsed(response) | extra
        self._service.emit(
            "after-call", self._model.name, http_response=_Received(reply), parsed=answer, model=self._model, context={}
        )
        return answer

    def error(self, reply: Reply) -> Exception:
        """The exception for a refusal: botocore's own class, with all that it would hold."""
        headers = HeadersDict(reply.headers.items())
        response: dict[str, Any] = {"status_code": reply.status, "headers": headers, "body": reply.body, "context": {}}
        extra = self._before_parse(response)
        try:
            parsed = self._parsed_error(response) | extra
        except (*_STUMBLES, ResponseParserError) as cause:
            return ResponseParserError(f"an error with status {reply.status} cannot be read ({type(cause).__name__}).")
        context: dict[str, Any] = {}
        received = _Received(reply)
        self._service.emit(
            "after-call", self._model.name,
            http_response=received, parsed=parsed, model=self._model, context=context,
        )  # fmt: skip
        code = context.get("error_code_override") or parsed.get("Error", {}).get("Code")
        return self._service.exceptions.from_code(code)(parsed, self._model.name)

    def _before_parse(self, response: dict[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        self._service.emit(
            "before-parse", self._model.name,
            operation_model=self._model, response_dict=response, customized_response_dict=extra,
        )  # fmt: skip
        return extra

    def parsed(self, reply: Reply) -> dict[str, Any]:
        """The answer before botocore's handlers see it. Raises ResponseParserError."""
        return self._parsed({"status_code": reply.status, "headers": reply.headers, "body": reply.body})

    def _parsed(self, response: dict[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = {}
            if self._has_headers:
                response["headers"] = HeadersDict(response["headers"].items())
                self._service.error_parser._parse_non_payload_attrs(response, self._shape, self._shape.members, answer)
            if self._has_body and not (self._is_head or response["status_code"] == 204):
                with _collector_paused(len(response["body"])):
                    answer |= self._read(response["body"])
            return answer
        except _STUMBLES as cause:
            raise ResponseParserError(f"the answer is not what {self._model.name} promises ({cause}).") from cause

    def _parsed_error(self, response: dict[str, Any]) -> dict[str, Any]:
        parser = self._service.error_parser
        xml.refuse_entities(response["body"])
        parsed: dict[str, Any] = parser.parse(response, self._shape)
        code = parsed.get("Error", {}).get("Code")
        shape = self._service.model.shape_for_error_code(code) if code is not None else None
        return parsed | parser.parse(response, shape) if shape is not None else parsed

    def _body_reader(self) -> Body:
        if not self._has_body:
            return lambda body: {}
        match self._service.protocol:
            case "ec2":
                return _ec2(self._shape, self._model.name)
            case "query":
                return _query(self._shape)
            case "rest-xml":
                return _payload(self._shape, is_xml=True) or _rest_xml(self._shape)
            case "rest-json":
                return _payload(self._shape, is_xml=False) or _json(self._shape, rest=True)
            case _:
                return _json(self._shape, rest=False)


@contextmanager
def _collector_paused(size: int) -> Generator[None]:
    """Keep Python's garbage collector from searching the thousands of objects that a long answer makes: half the time."""
    pause = size > _LONG and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Received:
    """A reply as botocore's handlers expect it."""

    reply: Reply

    @property
    def content(self) -> bytes:
        return self.reply.body

    @property
    def raw(self) -> bytes:
        return self.reply.body

    @property
    def headers(self) -> Mapping[str, str]:
        return self.reply.headers

    @property
    def status_code(self) -> int:
        return self.reply.status


def _ec2(shape: Any, operation: str) -> Body:
    read, wanted = xml.reader(shape), f"{operation}Response"

    def of_body(body: bytes) -> dict[str, Any]:
        root = xml.parse(body)
        if xml.local(root.tag) != wanted:
            raise ResponseParserError(f"the answer is a {xml.local(root.tag)[:80]} instead of a {wanted}.")
        return read(root)

    return of_body


def _query(shape: Any) -> Body:
    read, wrapper = xml.reader(shape), shape.serialization.get("resultWrapper")

    def of_body(body: bytes) -> dict[str, Any]:
        root = xml.parse(body)
        if not wrapper:
            return read(root)
        for child in root:
            if xml.local(child.tag) == wrapper:
                return read(child)
        raise ResponseParserError(f"the answer, a {xml.local(root.tag)[:80]}, has no {wrapper}.")

    return of_body


def _rest_xml(shape: Any) -> Body:
    read = xml.reader(shape)

    def of_body(body: bytes) -> dict[str, Any]:
        root = xml.parse(body)
        known = shape.type_name != "structure" or xml.knows(shape, root)
        if xml.local(root.tag) in _NOT_ANSWERS or not known:
            raise ResponseParserError(f"the answer is a {xml.local(root.tag)[:80]}, which holds no {shape.name}.")
        return read(root)

    return of_body


def _json(shape: Any, *, rest: bool) -> Body:
    read = json.reader(shape, rest=rest)

    def of_body(body: bytes) -> dict[str, Any]:
        value = read(json.parse(body))
        if value.__class__ is not dict:
            raise ResponseParserError("the answer is not a JSON object.")
        return value

    return of_body


def _payload(shape: Any, *, is_xml: bool) -> Body | None:
    """The reader where one member is the whole body."""
    name = shape.serialization.get("payload")
    if not name:
        return None
    member = shape.members[name]
    if member.type_name in ("string", "blob"):
        # botocore decodes blobs, too.
        return lambda body: {name: body.decode("utf-8")}
    if is_xml:
        read_xml = _rest_xml(member)
        return lambda body: {name: read_xml(body)}
    read_json = json.reader(member, rest=True)
    return lambda body: {name: read_json(json.parse(body))}
