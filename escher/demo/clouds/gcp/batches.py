"""Batches: many requests in one, as gcloud sends them for several resources. Their form only; others answer them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus

from escher.demo.clouds.gcp.state import Json

_BOUNDARY = "batch_of_the_demo"


@dataclass(frozen=True, slots=True)
class Part:
    """A request within a batch. `target` is its path with its query."""

    content_id: str
    verb: str
    target: str
    authorization: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What answers one of them."""

    content_id: str
    status: int
    body: Json | None


def parts_of(content_type: str, body: bytes) -> Iterator[Part]:
    """The requests of a batch, in their order."""
    whole = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    for message in whole.get_payload():
        if isinstance(message, Message):
            yield _part(message)


def _part(message: Message) -> Part:
    text = str(message.get_payload()).lstrip()
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    verb, target, *_ = first.split()
    inner = BytesParser().parsebytes(rest.encode())
    content = str(inner.get_payload()).strip().encode()
    return Part(message.get("Content-ID", ""), verb, target, inner.get("Authorization", ""), content)


def joined(answers: list[Answered]) -> tuple[bytes, str]:
    """The answer to a batch and its content type."""
    text = "".join(_shown(answer) for answer in answers) + f"--{_BOUNDARY}--\r\n"
    return text.encode(), f"multipart/mixed; boundary={_BOUNDARY}"


def _shown(answer: Answered) -> str:
    about = answer.content_id.strip("<>")
    content = "" if answer.body is None else json.dumps(answer.body)
    return "\r\n".join(
        (
            f"--{_BOUNDARY}",
            "Content-Type: application/http",
            f"Content-ID: <response-{about}>",
            "",
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            "Content-Type: application/json; charset=UTF-8",
            "",
            content,
            "",
        )
    )
