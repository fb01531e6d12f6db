"""The parts of the house's style that a linter of imports or of lines cannot see."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.conftest import ROOT

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
PURE_CONTRACT = "What decides touches nothing"
VAGUE = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
TOUCHING = {
    "connect", "open", "read_bytes", "read_text", "system", "unlink", "urlopen", "write_bytes", "write_text",
}  # fmt: skip
CLOCKS = {"now", "time", "monotonic", "perf_counter", "today", "utcnow"}


def _modules() -> list[Path]:
    return [path for room in ("escher", "escher_server") for path in sorted((ROOT / room).rglob("*.py"))]


def _pure_modules() -> list[Path]:
    """The modules of the contract in pyproject.toml; the linter of imports sees what they import, not what they call."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = (one for one in project["tool"]["importlinter"]["contracts"] if one["name"] == PURE_CONTRACT)
    paths = (path for name in contract["source_modules"] for path in ROOT.glob(name.replace(".", "/") + "*"))
    return sorted({module for path in paths for module in ([path] if path.suffix == ".py" else path.rglob("*.py"))})


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _calls(path: Path) -> set[str]:
    """The last names of all that a module calls."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def test_functions_and_files_stay_short() -> None:
    """No function is longer than 60 lines and no file longer than 400, but for tables of data."""
    long_files = [
        str(path.relative_to(ROOT)) for path in _modules() if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE
    ]
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in _modules()
        for node in _functions(path)
        if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert (long_files, long_functions) == ([], [])


def test_no_room_has_a_vague_name() -> None:
    """A file's name says what is in it."""
    assert [str(path.relative_to(ROOT)) for path in _modules() if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_every_module_says_why_it_exists() -> None:
    """A module opens with a docstring."""
    assert [
        str(path.relative_to(ROOT)) for path in _modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ] == []


@pytest.mark.parametrize("path", _pure_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_decides_calls_neither_files_nor_clocks(path: Path) -> None:
    """Pure modules take the time and the contents of files as arguments."""
    assert _calls(path) & (TOUCHING | CLOCKS) == set()


def test_no_test_is_without_an_assertion() -> None:
    """A test that asserts nothing cannot fail, and is no test."""
    idle = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in _functions(path)
        if node.name.startswith("test_") and not re.search(r"Assert\(|assert|expect|raises", ast.dump(node))
    ]
    assert idle == []
