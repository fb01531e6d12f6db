"""`escher purge`: consent in typed words at a terminal, a dry run, a proof that is written, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.commands.command import Outcome
from escher.contract.estate import Account, Resource
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.commands.conftest import Escher, document

ACCOUNT = "111111111111"


@pytest.fixture(autouse=True)
def filled(settings: Settings, resource: Callable[..., Resource]) -> None:
    """Two accounts, one with 5 instances."""
    with Store.open(settings) as store:
        estate = EstateStore(store)
        estate.put_account(Account("aws", ACCOUNT, "shop"))
        estate.put_account(Account("aws", "222222222222", "lab"))
        estate.upsert(resource(number) for number in range(5))


def _records(settings: Settings) -> int:
    with Store.open(settings) as store:
        return store.count("cloud_estate")


def test_without_consent_nothing_goes(escher: Escher, settings: Settings) -> None:
    """Without the typed name, or with another one, the exit code is 3."""
    without, wrong = (
        escher("purge", "--account", ACCOUNT, "--json"),
        escher("purge", "--everything", "--confirm", "all", "--json"),
    )
    assert [(done.returncode, document(done)["error"]["code"]) for done in (without, wrong)] == [
        (3, "consent_missing")
    ] * 2
    assert _records(settings) == 5


def test_a_notebook_cannot_purge(escher: Escher, settings: Settings) -> None:
    """What a kernel started is refused, whatever it types."""
    for words in (("--account", ACCOUNT, "--confirm", "shop"), ("--everything", "--confirm", "everything")):
        done = escher("purge", *words, "--no-backup", "--json", JPY_PARENT_PID="1")
        assert (done.returncode, document(done)["error"]["code"]) == (3, "consent_from_cell")
    assert _records(settings) == 5


def test_a_dry_run_counts(escher: Escher, settings: Settings) -> None:
    """A dry run needs no consent, and says what would go."""
    done = escher("purge", "--account", "shop", "--dry-run", "--json")
    assert document(done)["records"]["cloud_estate"] == 5
    assert "data/escher.db" in document(escher("purge", "--everything", "--dry-run", "--json"))["files"]
    assert _records(settings) == 5


def test_an_account_goes_with_a_proof(escher: Escher, settings: Settings, tmp_path: Path) -> None:
    """The account's records go, the proof is written with mode 0600 and verifies without the store."""
    proof = tmp_path / "proof.json"
    done = escher("purge", "--account", "shop", "--confirm", "shop", "--no-backup", "--out", str(proof), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert document(done)["removed"]["cloud_estate"] == 5
    assert json.loads(proof.read_text()) == document(done)
    assert proof.stat().st_mode & 0o777 == 0o600
    elsewhere = str(tmp_path / "nowhere")
    assert document(escher("purge", "--verify", str(proof), "--json", ESCHER_HOME=elsewhere))["genuine"]
    proof.write_text(proof.read_text().replace('"complete": true', '"complete": false'))
    assert escher("purge", "--verify", str(proof), "--json", ESCHER_HOME=elsewhere).returncode == 1
    assert _records(settings) == 0


def test_backups_are_named_or_go(escher: Escher, settings: Settings) -> None:
    """The proof lists the local backups, which still hold the account; `--with-backups` removes them."""
    settings.snapshots.mkdir()
    backup = settings.snapshots / "store_2026-01-01T00-00-00.snapshot"
    backup.write_bytes(b"ciphertext")
    done = escher("purge", "--account", "shop", "--confirm", "shop", "--no-backup", "--json")
    assert document(done)["backups_that_still_hold_it"] == [backup.name]
    escher("purge", "--account", "lab", "--confirm", "lab", "--with-backups", "--json")
    assert not backup.exists()


def test_the_name_can_be_typed(at_terminal: Callable[..., Outcome], settings: Settings) -> None:
    """At a terminal the name is asked for, and a backup offered."""
    outcome = at_terminal(f"purge --account {ACCOUNT}", ACCOUNT, "n")
    assert outcome.exit_code == 0 and outcome.document["complete"]
    assert _records(settings) == 0


def test_everything_goes(escher: Escher, settings: Settings, tmp_path: Path) -> None:
    """The word typed, everything of Escher's goes, and the proof is in the file and in the document."""
    proof = tmp_path / "proof.json"
    done = escher("purge", "--everything", "--confirm", "everything", "--no-backup", "--out", str(proof), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert document(done)["proof"] == json.loads(proof.read_text())
    assert not settings.home.exists()


def test_the_proof_of_everything_is_always_written(
    at_terminal: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a name for it the proof is in a new file of the current folder: its key is gone afterwards."""
    monkeypatch.chdir(tmp_path)
    outcome = at_terminal("purge --everything", "everything", "y")
    assert json.loads((tmp_path / outcome.document["proof_file"]).read_text()) == outcome.document["proof"]


def test_a_proof_overwrites_nothing(escher: Escher, settings: Settings, tmp_path: Path) -> None:
    """A file that is there stays, and nothing is purged before that is known."""
    there = tmp_path / "there.json"
    there.write_text("mine")
    for words in (("--account", "shop", "--confirm", "shop"), ("--everything", "--confirm", "everything")):
        assert escher("purge", *words, "--no-backup", "--out", str(there)).returncode == 1
    assert there.read_text() == "mine"
    assert _records(settings) == 5
