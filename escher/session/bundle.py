"""A support case: what helps somebody else to see what is wrong here, with nothing of the user's in it.

Three nets, one behind the other: only what is named here is written at all (numbers, versions, words of our own); of
that, whatever the estate or this machine calls something is taken out; and then whatever looks like an id or a secret.
"""

from __future__ import annotations

import io
import json
import os
import platform
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from escher import __version__
from escher.errors import EscherError, InvalidInput, StoreError
from escher.session import stats
from escher.session.bundle_nets import Nets, words_of_the_estate, words_of_this_machine
from escher.session.doctor.areas.runtime import installed_version
from escher.session.doctor.areas.store import file_facts
from escher.session.doctor.bounded import Bounded
from escher.session.doctor.examination import Examination, examine
from escher.session.wiring import Parts, assemble
from escher.settings import Settings
from escher.store.chat import ChatStore

AUDIT_ENTRIES = 200
INSIDE_SECONDS = 120.0
_ABOUT = {
    "doctor.json": "every check of escher doctor: its status, its seconds, its numbers",
    "versions.json": "versions of Escher, Python, the system and the packages in use",
    "settings.json": "settings: numbers as they are, of texts only whether they are set",
    "store.json": "sizes and counts of the store, by collection, provider and kind",
    "audit.json": "type and time of the last 200 audit entries",
}
# A zip file keeps a time for each entry; this one says nothing.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Case:
    """The files of a support case, as they will be written. `redacted` counts what the second and third net took out."""

    files: Mapping[str, str]
    redacted: int

    def contents(self) -> dict[str, Any]:
        """Every file, read as JSON."""
        return {name: json.loads(text) for name, text in self.files.items()}


def gather(settings: Settings | None = None, *, deep: bool = False) -> Case:
    """Examine everything and write down what may be shown. Never raises for what it finds."""
    examination = examine(settings, deep=deep)
    settings = examination.settings
    store, audit, words = _inside(settings)
    nets = Nets([*words_of_this_machine(settings), *words])
    documents = {
        "doctor.json": _doctor(examination),
        "versions.json": _versions(),
        "settings.json": _settings(settings),
        "store.json": store,
        "audit.json": audit,
    }
    files = {name: json.dumps(nets.clean(document), indent=2) + "\n" for name, document in documents.items()}
    return Case(files, nets.caught)


def describe(case: Case) -> str:
    """What is in it, a line for each file."""
    lines = [f"  {name:14} {len(text):>7,} bytes  {_ABOUT[name]}" for name, text in case.files.items()]
    return "\n".join(("The support case holds:", *lines, f"{case.redacted} texts in it were redacted."))


def write(case: Case, target: Path) -> Path:
    """Write the case as a new zip of mode 0600. Raises InvalidInput when there is a file already, StoreError."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in case.files.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), text, zipfile.ZIP_DEFLATED)
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(packed.getvalue())
    except FileExistsError as cause:
        raise InvalidInput(f"{target} is there already; it was left as it is.", hint="Choose another name.") from cause
    except OSError as cause:
        raise StoreError(f"cannot write {target}: {cause.strerror}.", hint="Choose another place.") from cause
    return target


def _doctor(examination: Examination) -> dict[str, Any]:
    checks = [check.shareable() for check in examination.checks]
    return {"checks": checks, "seconds": round(sum(check.seconds for check in examination.checks), 3)}


def _versions() -> dict[str, Any]:
    return {
        "escher": __version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()),
        "processors": os.cpu_count(),
        "packages": {name: found for name in _required() if (found := installed_version(name))},
    }


def _required() -> list[str]:
    """The packages that Escher itself names. Others on this machine are nobody's business."""
    try:
        lines = requires("escher") or []
    except PackageNotFoundError:
        lines = []
    return sorted({line.split(";")[0].split("[")[0].strip(" ()<>=!~.0123456789,") for line in lines})


def _settings(settings: Settings) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in fields(settings):
        value = getattr(settings, field.name)
        shown[field.name] = value if isinstance(value, int) else "set" if value else "not set"
    return shown | {"language": settings.language, "backup_target": settings.backup_target.partition("://")[0]}


def _inside(settings: Settings) -> tuple[dict[str, Any], list[dict[str, str]], list[str]]:
    """What the open store has to tell, and all the words of the estate; a code when it does not open."""
    try:
        return Bounded("reading the store", lambda: _read(settings), INSIDE_SECONDS).result()
    except EscherError as failure:
        return {"code": failure.code}, [], []


def _read(settings: Settings) -> tuple[dict[str, Any], list[dict[str, str]], list[str]]:
    begun = time.monotonic()
    with assemble(settings) as parts:
        opened = time.monotonic()
        store = _store(parts)
        last = [*parts.ledger.entries()][-AUDIT_ENTRIES:]
        words = list(words_of_the_estate(parts))
    store["seconds"] = {"opening": round(opened - begun, 3), "reading": round(time.monotonic() - opened, 3)}
    return store, [{"type": entry.event.type, "at": entry.event.at} for entry in last], words


def _store(parts: Parts) -> dict[str, Any]:
    return {
        "commits": parts.store.sequence,
        "file": file_facts(parts.store.path),
        "collections": [{**row, "key_id": None} for row in stats.collections(parts)],
        "estate": stats.estate(parts),
        "scans": stats.scans(parts.estate.scopes()),
        "index": stats.index(parts),
        "accounts": len(parts.estate.accounts()),
        "conversations": len(ChatStore(parts.store).contexts()),
    }
