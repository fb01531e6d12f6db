"""The user's playbooks: versions that do not change, states that move as they may, runs that are counted."""

from __future__ import annotations

import hashlib
from array import array
from typing import Any, get_args

import pytest

from escher.contract.playbook import Metadata, Playbook, Status
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.store.collections import COLLECTIONS
from escher.store.playbooks import PLAYBOOKS, PlaybookStore, playbook_key
from escher.store.vault import Store
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY

NOW = 1_700_000_000
DAY = 86_400
STATES: tuple[Status, ...] = get_args(Status)
# spec/playbooks.md section 7.
TABLE: dict[Status, str] = {
    "draft": "ready deleted",
    "ready": "draft active review deleted",
    "review": "testing draft ready",
    "testing": "active failed review",
    "active": "deprecated suspended failed archived",
    "deprecated": "active archived",
    "failed": "draft testing suspended archived",
    "suspended": "active testing archived",
    "archived": "deleted",
    "deleted": "",
}


@pytest.fixture
def playbooks(store: Store) -> PlaybookStore:
    """None yet."""
    return PlaybookStore(store)


@pytest.fixture(scope="module")
def real() -> Playbook:
    """A whole playbook with its scripts, from the packaged library."""
    entries = load(PACKAGED_LIBRARY).entries
    return entries[min(entries)].playbook


def _version(real: Playbook, version: str = "1.0.0", **values: Any) -> Playbook:
    own = {"playbook_id": "user-stop", "author": "user_custom", "storage_strategy": "local_only", "status": "draft"}
    metadata = real.metadata.model_dump() | own | {"version": version} | values
    return real.model_copy(update={"metadata": Metadata.model_validate(metadata)})


def _move(playbooks: PlaybookStore, *states: Status, version: str = "1.0.0", at: int = NOW) -> Playbook:
    for state in states:
        moved = playbooks.set_status("user-stop", version, state, at, by="ana")
    return moved


def test_a_playbook_comes_back_as_it_was(playbooks: PlaybookStore, store: Store, real: Playbook) -> None:
    """The whole document; every declared field is filled, or its declaration says why not."""
    key = playbooks.put(real, NOW)
    metadata = real.metadata
    assert key == playbook_key(metadata.playbook_id, metadata.version) == f"{metadata.playbook_id}:v{metadata.version}"
    assert playbooks.get(metadata.playbook_id, metadata.version) == real == playbooks.latest(metadata.playbook_id)
    record = store.get(PLAYBOOKS, key)
    assert record is not None
    for name, field in COLLECTIONS[PLAYBOOKS].fields.items():
        assert record.body[name] not in (None, "", [], 0, False) or field.may_be_empty, name


def test_every_script_has_its_size_and_hash(playbooks: PlaybookStore, real: Playbook) -> None:
    """Byte for byte of what would run."""
    playbooks.put(real, NOW)
    files = playbooks.scripts(real.metadata.playbook_id, real.metadata.version)
    code = {
        (name, language): text.encode()
        for name, script in real.scripts.items()
        for language, text in script.code.items()
    }
    assert len(files) == len(code) > 1
    for file in files:
        content = code[file["script"], file["language"]]
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_draft_can_be_edited_and_a_published_version_cannot(playbooks: PlaybookStore, real: Playbook) -> None:
    """Once it was published it stays as it is, also when it is a draft again; another version is free."""
    playbooks.put(_version(real), NOW)
    edited = _version(real, purpose="Something else.")
    playbooks.put(edited, NOW + 1)
    assert playbooks.get("user-stop", "1.0.0").metadata.purpose == "Something else."
    _move(playbooks, "ready", "review", "draft")
    playbooks.put(edited, NOW)
    with pytest.raises(RecordExists, match="published"):
        playbooks.put(_version(real, purpose="A third thing."), NOW)
    altered = edited.model_copy(update={"scripts": {}})
    with pytest.raises(RecordExists, match="published"):
        playbooks.put(altered, NOW)
    playbooks.put(_version(real, "1.0.1", purpose="A third thing."), NOW)
    assert playbooks.get("user-stop", "1.0.0").metadata.purpose == "Something else."


def test_versions_are_ordered_as_numbers(playbooks: PlaybookStore, real: Playbook) -> None:
    """1.10 comes after 1.9; a deleted version is not the latest; an unknown playbook has none."""
    for version in ("1.10.0", "1.9.0", "1.2.0"):
        playbooks.put(_version(real, version), NOW)
    assert playbooks.versions("user-stop") == ["1.2.0", "1.9.0", "1.10.0"]
    assert playbooks.latest("user-stop").metadata.version == "1.10.0"
    _move(playbooks, "deleted", version="1.10.0")
    assert playbooks.latest("user-stop").metadata.version == "1.9.0"
    assert playbooks.versions("unknown") == []
    for call in (lambda: playbooks.latest("unknown"), lambda: playbooks.get("user-stop", "9.9.9")):
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize("state", STATES)
def test_states_move_as_the_table_says(playbooks: PlaybookStore, real: Playbook, state: Status) -> None:
    """To the states of the specification's table, and to no other."""
    for number, to in enumerate(STATES):
        version = f"1.0.{number}"
        playbooks.put(_version(real, version, playbook_id=f"user-{number}", status=state), NOW)
        if to in TABLE[state].split():
            moved = playbooks.set_status(f"user-{number}", version, to, NOW, by="ana", why="because")
            [move] = playbooks.history(f"user-{number}", version)
            assert moved.metadata.status == to
            assert move == {"from": state, "to": to, "by": "ana", "at": NOW, "why": "because"}
        else:
            with pytest.raises(InvalidInput, match=f"{state} cannot become {to}"):
                playbooks.set_status(f"user-{number}", version, to, NOW, by="ana")
            assert playbooks.history(f"user-{number}", version) == []


def test_the_library_s_own_are_only_put_aside(playbooks: PlaybookStore, real: Playbook) -> None:
    """A playbook of the library is deprecated, suspended or archived, never edited into a draft or failed."""
    playbooks.put(_version(real, author="escher_library", status="active"), NOW)
    with pytest.raises(InvalidInput, match="archived, deprecated, suspended"):
        _move(playbooks, "failed")
    assert _move(playbooks, "suspended").metadata.status == "suspended"


def test_a_newer_active_version_deprecates_the_former(playbooks: PlaybookStore, real: Playbook) -> None:
    """One version is active; the other says by which it was replaced, and may come back."""
    for version in ("1.0.0", "2.0.0"):
        playbooks.put(_version(real, version), NOW)
        _move(playbooks, "ready", "active", version=version)
    former = playbooks.get("user-stop", "1.0.0").metadata
    assert (former.status, former.deprecated_by) == ("deprecated", "2.0.0")
    _move(playbooks, "active")
    assert playbooks.get("user-stop", "2.0.0").metadata.status == "deprecated"
    assert playbooks.get("user-stop", "1.0.0").metadata.deprecated_by is None


def test_runs_are_counted_and_three_failures_in_a_row_end_its_use(playbooks: PlaybookStore, real: Playbook) -> None:
    """A success between them starts the count anew; a cancelled run is no failure."""
    playbooks.put(_version(real, status="active"), NOW)
    for status in ("failed", "timeout", "completed", "failed", "cancelled", "failed"):
        assert playbooks.record_run("user-stop", "1.0.0", status, NOW, 10).metadata.status == "active"  # type: ignore[arg-type] the loop gives those that exist
    counted = playbooks.record_run("user-stop", "1.0.0", "failed", NOW, 80).metadata
    assert (counted.status, counted.execution_count, counted.success_count) == ("failed", 7, 1)
    assert counted.avg_duration_seconds == pytest.approx(20) and counted.last_executed == "2023-11-14T22:13:20+00:00"
    assert playbooks.history("user-stop", "1.0.0")[-1]["why"] == "3 failed runs in a row"


def test_a_failed_test_fails_at_once(playbooks: PlaybookStore, real: Playbook) -> None:
    """In the state of testing one failure is enough; of the library's own, three failures suspend."""
    playbooks.put(_version(real, status="testing"), NOW)
    assert playbooks.record_run("user-stop", "1.0.0", "failed", NOW, 1).metadata.status == "failed"
    playbooks.put(_version(real, "2.0.0", author="escher_library", status="active"), NOW)
    for _ in range(3):
        last = playbooks.record_run("user-stop", "2.0.0", "failed", NOW, 1)
    assert last.metadata.status == "suspended"


def test_words_find_the_best_version_of_each(playbooks: PlaybookStore, real: Playbook) -> None:
    """Active before ready before deprecated; drafts, failed, archived and deleted ones are not found."""
    for version in ("1.0.0", "2.0.0"):
        playbooks.put(_version(real, version, status="active"), NOW)
    playbooks.put(_version(real, "3.0.0", status="draft"), NOW)
    playbooks.put(
        _version(real, playbook_id="user-other", name="Paint the shed", status="ready", author="ai_generated"), NOW
    )
    assert [(found.metadata.playbook_id, found.metadata.version) for found, _ in playbooks.search("paint shed")] == [
        ("user-other", "1.0.0")
    ]
    by_name = {
        found.metadata.playbook_id: (found.metadata.version, score)
        for found, score in playbooks.search(real.metadata.name)
    }
    assert by_name["user-stop"] == ("2.0.0", 1.0)
    assert len(playbooks.search("the", author="ai_generated", cloud_provider="aws")) == 1
    assert [found.metadata.version for found, _ in playbooks.search(real.metadata.name, status="draft")] == ["3.0.0"]
    with pytest.raises(InvalidInput, match="no colour"):
        playbooks.search("x", colour="red")


def test_meaning_finds_what_words_do_not(playbooks: PlaybookStore, real: Playbook) -> None:
    """With vectors the nearest comes first; a state moves without losing its vector, and another text loses it."""
    keys = [playbooks.put(_version(real, playbook_id=f"user-{name}", status="ready"), NOW) for name in ("a", "b")]
    assert list(playbooks.without_vectors()) == keys
    axes = [array("f", [float(number == axis) for number in range(384)]).tobytes() for axis in range(2)]
    playbooks.set_vectors(dict(zip([*keys, "gone"], [*axes, axes[0]], strict=True)))
    assert [(found.metadata.playbook_id, score) for found, score in playbooks.search("", axes[1])] == [("user-b", 0.5)]
    playbooks.set_status("user-a", "1.0.0", "active", NOW, by="ana")
    assert playbooks.without_vectors() == {}
    playbooks.put(_version(real, playbook_id="user-b", name="Paint the shed", status="ready"), NOW)
    assert list(playbooks.without_vectors()) == [keys[1]]


def test_a_deleted_version_goes_after_thirty_days(playbooks: PlaybookStore, real: Playbook) -> None:
    """Until then it stands as a tombstone."""
    playbooks.put(_version(real), NOW)
    playbooks.put(_version(real, "2.0.0"), NOW)
    _move(playbooks, "deleted")
    assert playbooks.expire(NOW + 30 * DAY - 1) == 0
    assert playbooks.expire(NOW + 30 * DAY) == 1
    assert playbooks.versions("user-stop") == ["2.0.0"]
