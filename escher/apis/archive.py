"""Put commands together in the compact form that `commands` reads, and write parts of a provider's archive.

A part of the `build_*` tools; it runs in their environments, so it imports nothing but Python's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

DATA = Path(__file__).parent / "data"
EPOCH = (1980, 1, 1, 0, 0, 0)


class CommandTable:
    """Commands by service; options and whole rows that are the same are stored once."""

    def __init__(self) -> None:
        self._services: dict[str, dict[str, Any]] = {}
        self._places: dict[tuple[str, str], int] = {}

    def add(self, service: str, operation: str, options: Sequence[Sequence[Any]], groups: Sequence[Any]) -> None:
        """One command; `groups` hold options where `commands` has indices."""
        document = self._services.setdefault(service, {"options": [], "rows": [], "commands": {}})
        row = [
            [self._place(service, "options", _short(option)) for option in options],
            [self._group(service, group) for group in groups],
        ]
        document["commands"][operation] = self._place(service, "rows", row)

    def documents(self, versions: Mapping[str, str], shared: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """The JSON documents by name, with the index."""
        index = {
            "versions": versions,
            "services": sorted(self._services),
            "shared": [_short(entry) for entry in shared],
        }
        return {"index": index, **{name: self._services[name] for name in sorted(self._services)}}

    def _group(self, service: str, group: Sequence[Any]) -> list[Any]:
        marks, *members = group
        return [
            marks,
            *(
                self._group(service, member) if member[0] in ("", "!", "x", "!x") else
                self._place(service, "options", _short(member))
                for member in members
            ),
        ]  # fmt: skip

    def _place(self, service: str, kind: str, entry: Any) -> int:
        key = (service, f"{kind} {json.dumps(entry)}")
        if key not in self._places:
            entries = self._services[service][kind]
            self._places[key] = len(entries)
            entries.append(entry)
        return self._places[key]


def _short(entry: Sequence[Any]) -> list[Any]:
    """An option without the parts at its end that say nothing."""
    found = list(entry)
    defaults = ["1", [], []]
    while len(found) > 2 and found[-1] == defaults[len(found) - 3]:
        found.pop()
    return found


def replace(provider: str, prefix: str, documents: Mapping[str, Any]) -> None:
    """Write the documents under a prefix of the provider's archive; what lies under other prefixes is kept."""
    target = DATA / f"{provider}.zip"
    texts = {f"{prefix}{name}.json": _json(document) for name, document in documents.items()}
    kept = _kept(target, prefix)
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in sorted({**kept, **texts}.items()):
            archive.writestr(ZipInfo(name, EPOCH), text, ZIP_DEFLATED, 9)


def _kept(target: Path, prefix: str) -> dict[str, str]:
    if not target.is_file():
        return {}
    with ZipFile(target) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if not _under(name, prefix)}


def _under(name: str, prefix: str) -> bool:
    return name.startswith(prefix) if prefix else "/" not in name


def _json(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
