"""What is said on the supervisor's socket: lines of JSON, bounded, each proved to come from who has the store's key.

The supervisor begins with a challenge. Every line bears a number and an HMAC-SHA256 over challenge, direction, number
and body, so nothing can be forged, repeated, moved to another connection or answered by somebody else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Literal

from escher.errors import ProtocolError

LARGEST = 64 * 1024
PURPOSE = "supervisor v1"
Direction = Literal["ask", "answer"]


def line(key: bytes, challenge: str, direction: Direction, number: int, body: dict[str, Any]) -> bytes:
    """One line to send. Raises ProtocolError when it would be longer than the other side reads."""
    text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
    sealed = json.dumps({"n": number, "body": text, "mac": _mac(key, challenge, direction, number, text)})
    if len(sealed) >= LARGEST:
        raise ProtocolError(f"a message of {len(sealed)} bytes is too long for the supervisor.")
    return sealed.encode() + b"\n"


def body(key: bytes, challenge: str, direction: Direction, number: int, received: bytes) -> dict[str, Any]:
    """What a received line says. Raises ProtocolError for one that is not whole, not due, or not by who has the key."""
    try:
        sealed = json.loads(received)
        text, mac = str(sealed["body"]), str(sealed["mac"])
        expected = _mac(key, challenge, direction, number, text)
        if sealed["n"] != number or not hmac.compare_digest(mac.encode(), expected.encode()):
            raise ProtocolError("a message was not sent by who may.")
        said = json.loads(text)
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise ProtocolError("a message is no message.") from cause
    if not isinstance(said, dict):
        raise ProtocolError("a message is no message.")
    return said


def _mac(key: bytes, challenge: str, direction: Direction, number: int, text: str) -> str:
    signed = f"escher supervisor v1|{challenge}|{direction}|{number}|{text}".encode()
    return hmac.new(key, signed, hashlib.sha256).hexdigest()
