"""Turn a click on Approve, or on Save of the policy, into consent: only from the page that showed it, once.

A page makes a key when it first shows a view and gives us its public half; that key alone can sign an approval there.
Code in a cell has neither the key nor the connection that the front end's messages come over.
"""

from __future__ import annotations

import base64
import binascii
import threading
from dataclasses import dataclass
from typing import TypeVar, final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from escher.contract.messages import ApprovePlan, SavePolicy
from escher.errors import ConsentFromCell
from escher.widgets.peer import Origin

_HINT = "Ask again and click Approve in the page that shows the plan, or use `escher approve` in a terminal."
_CURVE = ec.SECP256R1()
_lock = threading.Lock()
_spent: set[str] = set()


@dataclass(frozen=True, slots=True)
class FrontEndConsent:
    """A person clicked Approve on the plan with this digest. Worth nothing until `redeem` has taken it."""

    plan_id: str
    digest: str
    confirmation: str
    message_id: str


@dataclass(frozen=True, slots=True)
class PolicyConsent:
    """A person clicked Save under this text of a policy. Worth nothing until `redeem_policy` has taken it."""

    text: str
    based_on: int
    message_id: str


_issued: dict[str, FrontEndConsent | PolicyConsent] = {}


@final
class PageKey:
    """The key of the first page that showed a view, and the one place where consents are issued."""

    def __init__(self) -> None:
        self._key: ec.EllipticCurvePublicKey | None = None

    def pin(self, encoded: str, origin: Origin) -> None:
        """Take the first key that a front end sends; later ones, and ones from elsewhere, change nothing."""
        if self._key is None and encoded and origin.is_front_end():
            key = _public_key(encoded)
            with _lock:
                self._key = self._key or key

    def consent(self, message: ApprovePlan, origin: Origin) -> FrontEndConsent:
        """The consent a click gave. Raises ConsentFromCell unless the page of this view signed and sent it just now."""
        self._must_have_sent(message, origin)
        return _issue(FrontEndConsent(message.plan_id, message.digest, message.confirmation, message.id))

    def policy_consent(self, message: SavePolicy, origin: Origin) -> PolicyConsent:
        """The consent to a policy. Raises ConsentFromCell unless the page of this view signed and sent it just now."""
        self._must_have_sent(message, origin)
        return _issue(PolicyConsent(message.text, message.based_on, message.id))

    def _must_have_sent(self, message: ApprovePlan | SavePolicy, origin: Origin) -> None:
        if not origin.is_front_end():
            raise ConsentFromCell("The approval did not come from the page.", hint=_HINT)
        if self._key is None or not _has_signed(self._key, message):
            what = "plan" if isinstance(message, ApprovePlan) else "policy"
            raise ConsentFromCell(f"The approval was not signed by the page that first showed this {what}.", hint=_HINT)


def redeem(consent: FrontEndConsent) -> None:
    """Use a consent up. Raises ConsentFromCell for an object that no click made, or that was used before."""
    _use_up(consent, FrontEndConsent)


def redeem_policy(consent: PolicyConsent) -> None:
    """Use the consent to a policy up. Raises ConsentFromCell as `redeem`; a consent to a plan is none to a policy."""
    _use_up(consent, PolicyConsent)


_Given = TypeVar("_Given", FrontEndConsent, PolicyConsent)


def _issue(consent: _Given) -> _Given:
    with _lock:
        if consent.message_id in _spent:
            raise ConsentFromCell("This approval was sent before.", hint=_HINT)
        _spent.add(consent.message_id)
        _issued[consent.message_id] = consent
    return consent


def _use_up(consent: _Given, kind: type[_Given]) -> None:
    with _lock:
        genuine = type(consent) is kind and _issued.get(consent.message_id) is consent
        if genuine:
            del _issued[consent.message_id]
    if not genuine:
        raise ConsentFromCell("No click in the page gave this consent.", hint=_HINT)


def _public_key(encoded: str) -> ec.EllipticCurvePublicKey | None:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        return None


def _has_signed(key: ec.EllipticCurvePublicKey, message: ApprovePlan | SavePolicy) -> bool:
    try:
        raw = base64.b64decode(message.signature, validate=True)
        pair = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key.verify(pair, message.signed_bytes(), ec.ECDSA(hashes.SHA256()))
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True
