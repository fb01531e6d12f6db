"""The consent of a second person, on their own machine: a signed request goes there as a file, a signed answer comes back.

Pure. Both files are canonical JSON signed with Ed25519 by the key of the store that wrote them. A request proves only
that it was not altered on its way; an answer counts when the policy names its key, and it is another's.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime
from typing import Literal, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, ValidationError

from escher.approval.seen import Seen
from escher.contract.plan import Plan
from escher.contract.wire import Wire, canonical, digest
from escher.errors import SecondPersonMissing

_AGAIN = "Ask the second person again: escher approve PLAN --digest DIGEST --ask FILE"
Sign = Callable[[bytes], str]


class _Signed(Wire):
    """A document signed by `key`, 64 hexadecimal digits; times are UTC, ISO 8601."""

    key: str = Field(pattern="^[0-9a-f]{64}$")
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Canonical bytes of all that is signed."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))


class SecondRequest(_Signed):
    """A whole plan, as it was shown to the first person, with what was seen of its targets."""

    type: Literal["escher_approval_request"] = "escher_approval_request"
    plan: Plan
    targets: tuple[Seen, ...]
    requester: str
    nonce: str
    asked_at: str
    expires_at: str

    @property
    def digest(self) -> str:
        """What the answer is to: SHA-256 of the request as it was signed."""
        return digest(self)


class Seconded(_Signed):
    """The second person's yes to one request."""

    type: Literal["escher_approval_answer"] = "escher_approval_answer"
    request: str
    plan_id: str
    digest: str
    nonce: str
    approver: str
    approved_at: str
    expires_at: str


D = TypeVar("D", SecondRequest, Seconded)


def signed(document: D, sign: Sign) -> D:
    """The document with its signature."""
    return document.model_copy(update={"signature": sign(document.signed_bytes())})


def read_request(text: str | bytes, now: datetime) -> SecondRequest:
    """A request that was signed, is whole and still open. Raises SecondPersonMissing."""
    request = _read(SecondRequest, text)
    if not request.plan.content_digest() == request.plan.digest:
        raise SecondPersonMissing("the plan of this request is not the one of its digest.", hint=_AGAIN)
    _must_be_open(request.expires_at, now)
    return request


def read_answer(text: str | bytes) -> Seconded:
    """An answer that was signed by the key it names; whose that is, is for the policy to say. Raises SecondPersonMissing."""
    return _read(Seconded, text)


def answer(request: SecondRequest, approver: str, key: str, now: datetime, sign: Sign) -> Seconded:
    """The second person's yes. Raises SecondPersonMissing for a request of one's own."""
    if key == request.key:
        raise SecondPersonMissing("this request is your own; another person has to answer it.")
    given = Seconded(
        key=key,
        request=request.digest,
        plan_id=request.plan.plan_id,
        digest=request.plan.digest,
        nonce=request.nonce,
        approver=approver,
        approved_at=now.isoformat(),
        expires_at=request.expires_at,
    )
    return signed(given, sign)


def must_count(given: Seconded, plan: Plan, own_key: str, approvers: Container[str], now: datetime) -> None:
    """Raise SecondPersonMissing unless a second person, whom the policy names, agreed to exactly this plan just now."""
    _must_be_signed(given)
    if (given.plan_id, given.digest) != (plan.plan_id, plan.digest):
        raise SecondPersonMissing("this answer is to another plan.", hint=_AGAIN)
    if given.key == own_key:
        raise SecondPersonMissing("the first and the second person are the same.", hint=_AGAIN)
    if given.key not in approvers:
        raise SecondPersonMissing(
            f"{given.approver!r} with the key {given.key[:16]}… is not among the policy's approvers.",
            hint="escher policy edit",
        )
    _must_be_open(given.expires_at, now)


def _read(kind: type[D], text: str | bytes) -> D:
    try:
        document = kind.model_validate_json(text)
    except ValidationError as cause:
        first = cause.errors()[0]
        raise SecondPersonMissing(
            f"this is no file of an approval by two: {'.'.join(map(str, first['loc']))} {first['msg']}.", hint=_AGAIN
        ) from cause
    _must_be_signed(document)
    return document


def _must_be_signed(document: _Signed) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(document.key))
        key.verify(bytes.fromhex(document.signature), document.signed_bytes())
    except (InvalidSignature, ValueError) as cause:
        raise SecondPersonMissing("this file was altered after it was signed.", hint=_AGAIN) from cause


def _must_be_open(expires_at: str, now: datetime) -> None:
    if now >= datetime.fromisoformat(expires_at):
        raise SecondPersonMissing("this request has expired.", hint=_AGAIN)
