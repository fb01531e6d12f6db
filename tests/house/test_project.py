"""pyproject.toml, the Makefile and the README agree with each other and with the code."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.house.conftest import ROOT

EXTRAS = {"azure", "cli", "dask", "demo", "dev", "gcp", "llm", "otel", "sentence-transformers"}
TARGETS = {"demo", "test", "check", "bench", "prove", "clean"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The project table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


# Parts of `az` and `gcloud`, in whose own Pythons the builders of their data and the tests' oracles run.
IN_THE_CLIS = {"googlecloudsdk", "knack"}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _imports(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_extras_are_those_promised(project: dict[str, Any]) -> None:
    """Each extra of the README exists, and no other."""
    assert set(project["optional-dependencies"]) == EXTRAS
    assert all(f"`{extra}`" in (ROOT / "README.md").read_text("utf-8") for extra in EXTRAS)


def test_every_imported_package_is_declared(project: dict[str, Any]) -> None:
    """Nothing is used that only happens to be installed."""
    declared = {_name(one) for one in project["dependencies"]}
    declared |= {_name(one) for extra in project["optional-dependencies"].values() for one in extra}
    known = packages_distributions()
    own = {"escher", "escher_server", "tests"} | set(sys.stdlib_module_names) | IN_THE_CLIS
    undeclared = {
        (str(path.relative_to(ROOT)), package)
        for room in ("escher", "escher_server", "tests")
        for path in (ROOT / room).rglob("*.py")
        for package in _imports(path) - own
        if not {name.lower().replace("_", "-") for name in known.get(package, [package])} & declared
    }
    assert undeclared == set()


def test_every_declared_package_is_constrained(project: dict[str, Any]) -> None:
    """constraints.txt fixes everything that an install of the light extras asks for."""
    extras = project["optional-dependencies"]
    wanted = {_name(one) for one in project["dependencies"]}
    wanted |= {_name(one) for extra in EXTRAS - {"sentence-transformers"} for one in extras[extra]}
    fixed = {_name(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line}
    assert wanted - fixed == set()


def test_the_makefile_has_the_targets() -> None:
    """Each promised target exists and says in a word what it does."""
    described = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert described >= TARGETS


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """What CI runs is what a reader is told to run."""
    assert re.search(r"^exec make test$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)
    assert re.search(r"^make test\b", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / ".github").rglob("*.md"))], ids=lambda path: path.name
)
def test_what_a_page_links_to_exists(page: Path) -> None:
    """No link or picture of the documents leads nowhere."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
