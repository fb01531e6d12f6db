"""A playbook as files to work on, laid out as those of the library are, and back. The copy is the user's own to guard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from escher.contract.playbook import Playbook
from escher.contract.vocabulary import Language
from escher.errors import InvalidInput

_CODE: Mapping[Language, str] = {"bash": "main.sh", "python": "main.py"}
_PARTS = ("metadata", "parameters", "orchestration", "explain_plan")
_MOST_BYTES = 1024 * 1024


def write_files(playbook: Playbook, folder: Path) -> None:
    """Write a playbook into a new or empty folder, readable by nobody else. Raises InvalidInput when it is neither."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"{folder} is there and not empty.", hint="Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    document = playbook.model_dump(mode="json")
    for name in _PARTS:
        part = {"parameters": document[name]} if name == "parameters" else document[name]
        _write(folder / f"{name}.json", json.dumps(part, indent=2, ensure_ascii=False) + "\n")
    for script in playbook.scripts.values():
        place = folder / "scripts" / script.metadata.script_id / f"v{script.metadata.version}"
        _write(place / "metadata.json", json.dumps(script.metadata.model_dump(mode="json"), indent=2) + "\n")
        for language, code in script.code.items():
            _write(place / "code" / language / _CODE[language], code)


def read_files(path: Path) -> Playbook:
    """The playbook in a folder, or in one JSON file. Raises InvalidInput with the file, and the line where it is wrong."""
    if path.is_file():
        return _validated(path, _document(path))
    document: dict[str, Any] = {name: _document(path / f"{name}.json") for name in _PARTS}
    document["parameters"] = document["parameters"].get("parameters", ())
    return _validated(path, document | {"scripts": dict(_scripts(path))})


def _scripts(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("scripts/*/v*/metadata.json")):
        metadata = _document(path)
        places = {language: path.parent / "code" / language / name for language, name in _CODE.items()}
        code = {language: _text(place) for language, place in places.items() if place.exists()}
        yield f"{metadata.get('script_id')}@{metadata.get('version')}", {"metadata": metadata, "code": code}


def _validated(path: Path, document: Any) -> Playbook:
    try:
        return Playbook.model_validate(document)
    except ValidationError as cause:
        first = cause.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{path}: {where}: {first['msg']}.", hint="Correct it and import it again.") from cause


def _document(path: Path) -> Any:
    try:
        document = json.loads(_text(path))
    except json.JSONDecodeError as cause:
        raise InvalidInput(f"{path}, line {cause.lineno}: {cause.msg}.", hint="Correct the file.") from cause
    if not isinstance(document, dict):
        raise InvalidInput(f"{path}, line 1: this is no JSON object.", hint="Correct the file.")
    return document


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidInput(f"{path} is larger than {_MOST_BYTES} bytes.", hint="A playbook is smaller.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise InvalidInput(f"{path} cannot be read ({type(cause).__name__}).", hint="Look at its name.") from cause


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
