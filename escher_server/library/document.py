"""Read one JSON file of the library as the contract's model, or say in which file and line it is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from escher_server.errors import BrokenPlaybook

Model = TypeVar("Model", bound=BaseModel)


def read_document(path: Path, model: type[Model]) -> Model:
    """The file's content as `model`. Raises BrokenPlaybook with file, line and cause."""
    text = read_text(path)
    try:
        return model.model_validate(json.loads(text))
    except json.JSONDecodeError as cause:
        raise broken(path, cause.lineno, cause.msg) from cause
    except ValidationError as cause:
        first = cause.errors(include_url=False, include_input=False)[0]
        where = [str(part) for part in first["loc"]]
        raise broken(path, _line_of(text, where), f"{'.'.join(where)}: {first['msg']}") from cause


def read_text(path: Path) -> str:
    """A file's text. Raises BrokenPlaybook when it is missing or no UTF-8."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise broken(path, 1, f"cannot be read ({type(cause).__name__})") from cause


def broken(path: Path, line: int, cause: str) -> BrokenPlaybook:
    """The refusal of a file."""
    return BrokenPlaybook(f"{_name(path)}, line {line}: {cause}.", hint="Correct the file; the other playbooks serve.")


def _name(path: Path) -> str:
    """The path from the folder of the playbook or script on: the one above the innermost version."""
    versions = [place for place, part in enumerate(path.parts) if re.fullmatch(r"v\d+\.\d+\.\d+", part)]
    return "/".join(path.parts[versions[-1] - 1 :]) if versions else path.name


def _line_of(text: str, where: list[str]) -> int:
    """The line of the innermost key of a path that is in the text, counted from 1."""
    line = 1
    for key in where:
        found = text.find(f'"{key}"', sum(len(part) + 1 for part in text.split("\n")[: line - 1]))
        line = line if found < 0 else text.count("\n", 0, found) + 1
    return line
