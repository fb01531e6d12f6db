"""What every test shares: a home of its own, programs that must be there, and the size of campaigns."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.campaigns import FULL, Proof

PROGRAMS = {
    "browser": {"chromium": "chromium"},
    "keychain": {"dbus-run-session": "dbus", "gnome-keyring-daemon": "gnome-keyring"},
}
_KEPT = ("ESCHER_REAL_DATA", "ESCHER_CAMPAIGN")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests away from the user's clouds, keys and home; resume a full campaign where it was left."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "ESCHER_")) and name not in _KEPT]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="escher-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ |= {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}
    if FULL:
        config.pluginmanager.register(Proof(config.rootpath))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process, unless they name a group; they share what they built."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before anything is built for a marked test, the programs that it needs are looked for."""
    for mark in item.iter_markers():
        for program, package in PROGRAMS.get(mark.name, {}).items():
            program_path(program, package)


def program_path(program: str, package: str) -> str:
    """The program's path. Without it the test is skipped, and fails when `CI=true`."""
    path = shutil.which(program)
    if path is None:
        message = f"{program} is missing. Install the system package {package}: sudo apt-get install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def requires() -> Callable[[str, str], str]:
    """`requires(program, package)` for a test that has no mark: the program's path, else skipped or failed."""
    return program_path


@pytest.fixture
def campaign(record_property: Callable[[str, object], None]) -> Iterator[Callable[[int], int]]:
    """`campaign(total)`: how many cases to try now; all of them in `make prove`, else 2 %, at least 20."""

    def size(total: int) -> int:
        cases = total if FULL else min(total, max(20, total // 50))
        record_property("cases", cases)
        return cases

    yield size
