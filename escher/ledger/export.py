"""The trail as a file that proves itself: signed lines of JSON, which `reading` checks without a store or a key.

The first line says whose trail it is, then come entries and checkpoints, each as canonical JSON, and the last line
signs the SHA-256 of all bytes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import Field

from escher.contract.audit import GENESIS, AuditEntry, Checkpoint
from escher.contract.wire import Wire, canonical
from escher.ledger.chain import End
from escher.ledger.signing import Signer

_Key = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Title(Wire):
    """The first line: whose trail, by which key (64 hexadecimal digits), as of when."""

    format: Literal["escher-audit/1"] = "escher-audit/1"
    store_id: str
    public_key: _Key
    exported_at: str


class Seal(Wire):
    """The last line: how far the trail went, and the signature over the SHA-256 of all lines before."""

    entries: int
    head: str
    sha256: str
    signature: str = ""


def signed_lines(
    trail: Iterable[AuditEntry | Checkpoint], store_id: str, signer: Signer, at: datetime
) -> Iterator[str]:
    """The lines, without their line ends."""
    hashed, end = sha256(), End(0, GENESIS)
    title = Title(store_id=store_id, public_key=signer.public_key, exported_at=at.isoformat())
    yield _hashed(hashed, canonical(title))
    for one in trail:
        if isinstance(one, AuditEntry):
            end = End(one.entry, one.hash)
        yield _hashed(hashed, canonical(one))
    seal = Seal(entries=end.entries, head=end.hash, sha256=hashed.hexdigest())
    yield canonical(seal.model_copy(update={"signature": signer.sign(sealed(seal))})).decode()


def sealed(seal: Seal) -> dict[str, Any]:
    """What of the last line is signed."""
    return seal.model_dump(mode="json", exclude={"signature"})


def _hashed(hashed: Any, line: bytes) -> str:
    hashed.update(line + b"\n")
    return line.decode()
