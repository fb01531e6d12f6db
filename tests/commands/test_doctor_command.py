"""`escher doctor` and its support case on the command line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from escher.commands.command import Outcome
from tests.commands.conftest import Escher, document


def test_doctor_prints_one_document(escher: Escher) -> None:
    """The document has the home, the store and the checks; exit 0 when nothing is bad."""
    done = escher("doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert document(done).keys() == {"home", "store", "checks"}


def test_doctor_ends_with_1_for_what_is_bad(escher: Escher, tmp_path: Path) -> None:
    """Without a store the exit code is 1, and there is still a document."""
    done = escher("doctor", "--json", ESCHER_HOME=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "bad" in {check["status"] for check in document(done)["checks"]}


def test_what_is_bad_is_shown_first(escher: Escher, tmp_path: Path) -> None:
    """For people the worst comes first, with the next move beside it."""
    lines = escher("doctor", ESCHER_HOME=str(tmp_path / "nowhere")).stdout.splitlines()
    first = next(line for line in lines if " bad " in line or " ok " in line)
    assert " bad " in first and "escher init" in "\n".join(lines)


def test_a_bundle_is_written_once(escher: Escher, tmp_path: Path) -> None:
    """The support case is told and written; a second one does not overwrite it."""
    target = tmp_path / "case.zip"
    done = escher("doctor", "--bundle", str(target), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(target) as archive:
        assert set(archive.namelist()) == document(done)["contents"].keys()
    again = escher("doctor", "--bundle", str(target), "--json")
    assert (again.returncode, document(again)["error"]["code"]) == (2, "invalid_request")


def test_a_bundle_is_shown_before_it_is_written(at_terminal: Callable[..., Outcome], tmp_path: Path) -> None:
    """At a terminal nothing is written before the person has said so."""
    target = tmp_path / "case.zip"
    assert at_terminal(f"doctor --bundle {target}", "n").exit_code == 1
    assert not target.exists()
    assert at_terminal(f"doctor --bundle {target}", "y").exit_code == 0
    assert target.exists()
