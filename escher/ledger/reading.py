"""Check an exported trail on any machine, with nothing but the file: line by line, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, TypeVar

from pydantic_core import from_json

from escher.contract.audit import Checkpoint, Verification
from escher.contract.wire import Wire, canonical
from escher.errors import InvalidInput
from escher.ledger.chain import End, Link, link_of, verify
from escher.ledger.checkpoints import Checks
from escher.ledger.export import Seal, Title, sealed
from escher.ledger.signing import fingerprint, is_signed

LONGEST_LINE = 4_000_000
# Far more than the last line has.
_TAIL = 4_096
_ENTRY = b'{"entry":'
_HASH = b'"hash":"%s",'
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
W = TypeVar("W", bound=Wire)


def verify_file(path: Path, key: str = "") -> Verification:
    """Check an exported trail. `key` is the fingerprint, or the public key, that it must be signed by.

    What is no exported trail is unverifiable. Raises InvalidInput for a file that cannot be read, or a key that is none.
    """
    wanted = _fingerprint(key)
    try:
        with path.open("rb") as file:
            first = file.readline(LONGEST_LINE)
            title = _read(Title, first.removesuffix(b"\n"))
            return _other(first) if title is None else _Reading(file, first, title).result(wanted)
    except OSError as cause:
        why = cause.strerror or str(cause)
        raise InvalidInput(f"cannot read {path}: {why}.", hint="Name a file that was exported.") from cause


def _fingerprint(key: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{64}", key):
        return fingerprint(key)
    if not re.fullmatch(r"(SHA256:[A-Za-z0-9+/]{43})?", key):
        raise InvalidInput(f"{key!r} is no key.", hint="Give what `escher audit key` printed where the file is from.")
    return key


def _other(first: bytes) -> Verification:
    """What there is to say of a file that does not begin as an exported trail does."""
    format_ = _format(first)
    if format_ == Title.model_fields["format"].default and not first.endswith(b"\r\n"):
        return Verification(status="tampered", entries=0, message="the file's first line was altered.")
    if first.startswith(_MARKS) or b"\0" in first or first.endswith(b"\r\n"):
        why = "the file is written in another encoding or with other line ends: copy the file itself, byte by byte"
    elif format_.startswith("escher-audit/"):
        why = f"the file has the form {format_!r}, which another version of Escher wrote: check it with that one"
    else:
        why = "the file is no exported audit trail: make one with `escher audit export --file FILE`"
    return Verification(status="unverifiable", entries=0, message=f"{why}.")


def _format(line: bytes) -> str:
    try:
        match from_json(line):
            case {"format": str(format_)}:
                return format_
            case _:
                return ""
    except ValueError:
        return ""


class _Reading:
    """One pass over a file whose first line is read already."""

    def __init__(self, file: IO[bytes], first: bytes, title: Title) -> None:
        self._title, self._key = title, fingerprint(title.public_key)
        self._checks = Checks(title.store_id, title.public_key)
        self._seal = _last(file)
        file.seek(len(first))
        self._file, self._hashed, self._number, self._line = file, sha256(first), 1, first
        # What is wrong with the file as a whole, and with a line that is no entry.
        self._problem, self._unreadable = "", ""
        # What the last line should say of those before; known once it was read.
        self._sha256 = ""

    def result(self, wanted: str) -> Verification:
        """What there is to say of it."""
        end = End(self._seal.entries, self._seal.head) if self._seal else None
        found = verify(self._links(), end, witness=self._checks)
        checks = self._checks
        return found.model_copy(
            update={
                **self._verdict(found, wanted),
                "checkpoints": checks.count,
                "signed_entries": checks.signed_entries,
                "uncovered": checks.uncovered(),
                "key": self._key,
                "notes": tuple(checks.notes),
            }
        )

    def _verdict(self, found: Verification, wanted: str) -> dict[str, Any]:
        """Status and message where the chain of entries alone does not give them."""
        if wanted and wanted != self._key:
            return _tampered(f"the file is signed by another key, {self._key}")
        problem = self._problem or (self._unreadable if found.first_bad_entry is None else "")
        if problem:
            return _tampered(problem)
        if self._seal is None and found.first_bad_entry is None:
            message = f"the file ends at entry {found.entries} without its last line: it was cut."
            return {"status": "truncated", "first_bad_entry": found.entries + 1, "message": message}
        return self._confirmed(found, wanted) if found.status == "ok" else {}

    def _confirmed(self, found: Verification, wanted: str) -> dict[str, Any]:
        """Entries in order, held against the last line."""
        if self._seal is None or self._sha256 != self._seal.sha256:
            return _tampered("the entries are in order, but another line was altered, moved or taken out")
        if not is_signed(sealed(self._seal), self._seal.signature, self._title.public_key):
            return _tampered("the signature in the file's last line is not by the key in its first")
        message = f"{found.entries} entries up to {self._title.exported_at}, none altered or missing."
        if not wanted:
            message += f" Signed by {self._key}: compare it with what `escher audit key` prints where it comes from."
        return {"message": message}

    def _links(self) -> Iterator[Link | None]:
        """The entries, each only when the checkpoint behind it is known; None for a line that cannot be read."""
        held = list[Link | None]()
        for line in self._lines():
            if line.startswith(_ENTRY):
                yield from held
                held = [_link(line)]
            elif not self._takes(line):
                held.append(None)
        yield from held

    def _lines(self) -> Iterator[bytes]:
        while self._line:
            self._line, self._number = self._file.readline(LONGEST_LINE), self._number + 1
            if len(self._line) == LONGEST_LINE:
                self._problem = f"line {self._number} is longer than any that Escher writes"
                return
            if self._line:
                yield self._line.removesuffix(b"\n")
                self._hashed.update(self._line)

    def _takes(self, line: bytes) -> bool:
        """Whether a line that is no entry belongs in a trail."""
        if self._sha256:
            again = _read(Title, line) is not None
            what = "begins another exported trail: two were put together" if again else "was added behind the last one"
            self._problem = self._problem or f"line {self._number} {what}"
        elif checkpoint := _read(Checkpoint, line):
            self._checks.expect(checkpoint)
        elif _read(Seal, line):
            self._sha256 = self._hashed.hexdigest()
        else:
            # Without its line end, it is the place where the file was cut.
            if self._line.endswith(b"\n"):
                self._unreadable = self._unreadable or f"line {self._number} was altered"
            return False
        return True


def _tampered(problem: str) -> dict[str, Any]:
    return {"status": "tampered", "message": f"{problem}."}


def _link(line: bytes) -> Link | None:
    """The entry in a line. Its hash is compared with the very bytes, which are those that were hashed when it was made."""
    try:
        link = link_of(from_json(line), "")
    except ValueError:
        return None
    if link is None:
        return None
    before, found, behind = line.rpartition(_HASH % link.hash.encode(errors="replace"))
    return replace(link, content=sha256(before + behind).hexdigest()) if found else link


def _last(file: IO[bytes]) -> Seal | None:
    """What the last line says, or None when it was cut off or altered."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    return _read(Seal, file.read(_TAIL).removesuffix(b"\n").rpartition(b"\n")[2])


def _read(model: type[W], line: bytes) -> W | None:
    """The line as one of these, or None: canonical JSON only, so that no byte of it can differ."""
    try:
        found = model.model_validate(from_json(line))
        return found if canonical(found) == line else None
    except ValueError:
        return None
