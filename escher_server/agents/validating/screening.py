"""What a playbook's scripts would do, read without running them: what speaks against them, and what is known of their calls.

A stored playbook never changes, so it is read once; what a request brought with it is read and forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from escher.contract.plan import Operation
from escher.contract.playbook import Playbook
from escher.contract.ports import Reading, ScriptReader
from escher.contract.reach import names_everything
from escher.contract.vocabulary import Language
from escher.scripts.playbook_scripts import readings, script_findings

MOST_KEPT = 512
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Screening:
    """`problems` are sentences; `operations` are those of the steps in their order, without the undos."""

    problems: tuple[str, ...]
    operations: tuple[Operation, ...]


class Screen:
    """Reads scripts, and remembers what it found in those that are stored."""

    def __init__(self, reader: ScriptReader) -> None:
        self._reader = reader
        self._kept: dict[bytes, Screening] = {}

    def of(self, playbook: Playbook, *, stored: bool) -> Screening:
        """What was found in a playbook; kept, when it is one that the server has anyway."""
        key = _fingerprint(playbook) if stored else b""
        found = self._kept.get(key) or _screened(playbook, _Once(self._reader))
        if stored:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found


class _Once:
    """A reader that reads the same call only once."""

    def __init__(self, reader: ScriptReader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, Language, tuple[str, ...]], Reading] = {}

    def read(
        self,
        script: str,
        language: Language,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Reading:
        """What this script would call."""
        key = script, language, tuple(arguments)
        if key not in self._read:
            self._read[key] = self._reader.read(script, language, arguments, environment)
        return self._read[key]


def _screened(playbook: Playbook, reader: ScriptReader) -> Screening:
    findings = tuple(f"A script may not run: {found}." for found in script_findings(playbook, reader))
    return Screening(
        problems=(*findings[:MOST_TOLD], *dict.fromkeys(_wildcards(playbook, reader))),
        operations=tuple(_forward(playbook, reader)),
    )


def _wildcards(playbook: Playbook, reader: ScriptReader) -> Iterator[str]:
    for step, _, reading in readings(playbook, reader):
        if any(map(names_everything, reading.operations)):
            yield f"Step {step.step_number} names what it changes with a wildcard, so nobody can say what that is."


def _forward(playbook: Playbook, reader: ScriptReader) -> Iterator[Operation]:
    """What the steps themselves call, in every language."""
    for _, undo, reading in readings(playbook, reader):
        yield from () if undo else reading.operations


def _fingerprint(playbook: Playbook) -> bytes:
    """All that the scripts and their arguments are."""
    text = playbook.model_dump_json(include={"parameters", "orchestration", "scripts"})
    return hashlib.sha256(text.encode()).digest()
