"""Read the library's folders into playbooks. A broken one is refused with file and line; the others are served."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from escher.contract.playbook import (
    ExplainPlan,
    Metadata,
    Orchestration,
    ParameterSpec,
    Playbook,
    Script,
    ScriptMetadata,
    ScriptRef,
)
from escher.contract.quality import Quality, assess
from escher.contract.vocabulary import Language
from escher.contract.wire import Wire
from escher.scripts.playbook_scripts import calls
from escher_server.errors import BrokenPlaybook
from escher_server.library.cases import Cases
from escher_server.library.document import broken, read_document, read_text

LOG = logging.getLogger("escher_server")
_CODE: Mapping[Language, str] = {"bash": "main.sh", "python": "main.py"}


class ParametersFile(Wire):
    """The file `parameters.json`."""

    parameters: tuple[ParameterSpec, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A playbook that is served, with its cases and its quality."""

    playbook: Playbook
    cases: Cases
    quality: Quality


@dataclass(frozen=True, slots=True)
class Library:
    """All that is served, by id and version, and why the rest is not."""

    entries: Mapping[tuple[str, str], Entry]
    refused: tuple[BrokenPlaybook, ...] = ()

    def find(self, playbook_id: str, version: str) -> Playbook | None:
        """The playbook of exactly this version, or None."""
        entry = self.entries.get((playbook_id, version))
        return entry.playbook if entry else None


def load(*folders: Path) -> Library:
    """Every playbook below these folders. Never raises for one that is broken: it is in `refused`, and in the log."""
    scripts: dict[str, Script] = {}
    entries: dict[tuple[str, str], Entry] = {}
    refused: list[BrokenPlaybook] = []
    for path in _sorted(folders, "*/v*/scripts/*/v*/metadata.json"):
        try:
            _shelve(scripts, path, _script(path))
        except BrokenPlaybook as cause:
            refused.append(cause)
    for path in _sorted(folders, "*/v*/metadata.json"):
        try:
            entry = _entry(path.parent, scripts)
            entries[entry.playbook.metadata.playbook_id, entry.playbook.metadata.version] = entry
        except BrokenPlaybook as cause:
            refused.append(cause)
    for cause in refused:
        LOG.warning("refused: %s", cause)
    return Library(entries=entries, refused=tuple(refused))


def _sorted(folders: Iterable[Path], pattern: str) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.glob(pattern))]


def _shelve(scripts: dict[str, Script], path: Path, script: Script) -> None:
    key = f"{script.metadata.script_id}@{script.metadata.version}"
    if key in scripts:
        raise broken(path, 1, f"a script {key} is already in the library")
    scripts[key] = script


def _script(path: Path) -> Script:
    metadata = read_document(path, ScriptMetadata)
    _same_place(path, metadata.script_id, metadata.version)
    code = path.parent / "code"
    return Script(
        metadata=metadata,
        code={language: read_text(code / language / _CODE[language]) for language in metadata.available_types},
    )


def _entry(folder: Path, scripts: Mapping[str, Script]) -> Entry:
    metadata = read_document(folder / "metadata.json", Metadata)
    _same_place(folder / "metadata.json", metadata.playbook_id, metadata.version)
    orchestration = read_document(folder / "orchestration.json", Orchestration)
    playbook = Playbook(
        metadata=metadata,
        parameters=read_document(folder / "parameters.json", ParametersFile).parameters,
        orchestration=orchestration,
        explain_plan=read_document(folder / "explain_plan.json", ExplainPlan),
        scripts=_referred(folder / "orchestration.json", orchestration, scripts),
    )
    cases = read_document(folder / "cases.json", Cases)
    quality = assess(playbook, cases.cases)
    if quality.tier == "refused":
        raise broken(
            folder / "metadata.json", 1, f"quality {quality.score} is below 50: {'; '.join(quality.improvements)}"
        )
    return Entry(playbook=playbook, cases=cases, quality=quality)


def _referred(path: Path, orchestration: Orchestration, scripts: Mapping[str, Script]) -> dict[str, Script]:
    keys = {_key(call.script_ref) for _, call in calls(orchestration)}
    missing = sorted(keys - set(scripts))
    if missing:
        line = _line_of_script(read_text(path), missing[0])
        raise broken(path, line, f"the library has no script {missing[0]}")
    return {key: scripts[key] for key in sorted(keys)}


def _key(ref: ScriptRef) -> str:
    return f"{ref.script_id}@{ref.version}"


def _line_of_script(text: str, key: str) -> int:
    return text.count("\n", 0, max(text.find(f'"{key.split("@", maxsplit=1)[0]}"'), 0)) + 1


def _same_place(path: Path, name: str, version: str) -> None:
    """A folder bears the name and version of what is in it."""
    if (path.parent.parent.name, path.parent.name) != (name, f"v{version}"):
        raise broken(path, 1, f"the folder is not named {name}/v{version}")
