"""The trail as a file that proves itself: signed lines of JSON, checked on any machine without a store or a key.

The first line says whose trail it is, then come entries and checkpoints, each as canonical JSON, and the last line
signs the SHA-256 of all bytes before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from escher.contract.audit import AuditEntry, Checkpoint, Verification
from escher.contract.wire import Wire, canonical
from escher.errors import InvalidInput
from escher.ledger.chain import End, verify
from escher.ledger.checkpoints import Checks
from escher.ledger.signing import Signer, fingerprint, is_signed

LONGEST_LINE = 4_000_000


class Title(Wire):
    """The first line: whose trail, by which key (64 hexadecimal digits), as of when."""

    format: Literal["escher-audit/1"] = "escher-audit/1"
    store_id: str
    public_key: str
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
    hashed, end = sha256(), End(0, "")
    title = Title(store_id=store_id, public_key=signer.public_key, exported_at=at.isoformat())
    yield _hashed(hashed, canonical(title))
    for one in trail:
        if isinstance(one, AuditEntry):
            end = End(one.entry, one.hash)
        yield _hashed(hashed, canonical(one))
    seal = Seal(entries=end.entries, head=end.hash, sha256=hashed.hexdigest())
    yield canonical(seal.model_copy(update={"signature": signer.sign(_sealed(seal))})).decode()


def verify_file(path: Path, key: str = "") -> Verification:
    """Check an exported trail; `key` is the fingerprint that it must be signed by. Raises InvalidInput for another file."""
    lines = _lines(path)
    title = _read(Title, lines[0]) if lines else None
    if title is None:
        raise InvalidInput(f"{path} is no exported audit trail.", hint="Make one: escher audit export --file FILE")
    seal = _read(Seal, lines[-1])
    body = lines[1:-1] if seal else lines[1:]
    parts = [_read(AuditEntry if b'"event"' in line else Checkpoint, line) for line in body]
    checkpoints = [part for part in parts if isinstance(part, Checkpoint)]
    checks = Checks(checkpoints, title.store_id, title.public_key)
    trail = [part for part in parts if not isinstance(part, Checkpoint)]
    ends = End(seal.entries, seal.head) if seal else _last(trail)
    found = verify(trail, ends, witness=checks)
    if found.status == "ok":
        found = _confirmed(found, lines, title, seal, key)
    return found.model_copy(
        update={
            "checkpoints": checks.count,
            "signed_entries": checks.signed_entries,
            "uncovered": checks.uncovered(),
            "key": fingerprint(title.public_key),
            "notes": tuple(checks.notes),
        }
    )


def _confirmed(found: Verification, lines: list[bytes], title: Title, seal: Seal | None, key: str) -> Verification:
    """Entries in order, held against the last line and the key that is expected."""
    if seal is None:
        message = f"the file ends at entry {found.entries} without its last line: it was cut."
        return found.model_copy(
            update={"status": "truncated", "first_bad_entry": found.entries + 1, "message": message}
        )
    whole = sha256(b"".join(line + b"\n" for line in lines[:-1])).hexdigest() == seal.sha256
    signed = is_signed(_sealed(seal), seal.signature, title.public_key)
    if not (whole and signed):
        return found.model_copy(update={"status": "tampered", "message": "the file was altered after it was signed."})
    name = fingerprint(title.public_key)
    if key and key != name:
        message = f"the file is signed by another key, {name}."
        return found.model_copy(update={"status": "tampered", "message": message})
    origin = "" if key else f" Signed by {name}: compare it with what `escher audit key` prints where it comes from."
    message = f"{found.entries} entries up to {title.exported_at}, none altered or missing.{origin}"
    return found.model_copy(update={"message": message})


def _lines(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as file:
            lines = list(iter(lambda: file.readline(LONGEST_LINE), b""))
    except OSError as cause:
        raise InvalidInput(f"cannot read {path}: {cause.strerror}.", hint="Name a file that was exported.") from cause
    return [line.removesuffix(b"\n") for line in lines]


def _read(model: type[Any], line: bytes) -> Any:
    """The line as one of these, or None: canonical JSON only, so that no byte of it can differ."""
    try:
        found = model.model_validate(json.loads(line))
    except (ValueError, ValidationError):
        return None
    return found if canonical(found) == line else None


def _last(trail: list[AuditEntry | None]) -> End:
    known = [entry for entry in trail if entry is not None]
    return End(known[-1].entry, known[-1].hash) if known else End(0, "0" * 64)


def _sealed(seal: Seal) -> dict[str, Any]:
    return seal.model_dump(mode="json", exclude={"signature"})


def _hashed(hashed: Any, line: bytes) -> str:
    hashed.update(line + b"\n")
    return line.decode()
