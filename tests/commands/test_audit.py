"""`escher audit`, as a user runs it: here, and where there is nothing but an exported file."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from escher.commands.command import Outcome
from escher.contract.audit import AuditEvent
from escher.errors import InvalidInput
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.keychain import open_keychain
from escher.store.vault import Store
from tests.commands.conftest import Escher, document

ENTRIES = 30
LITTLE_ROOM = """
import resource, sys
from escher.cli import main

resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
sys.exit(main(["audit", "export", "--file", sys.argv[1], "--json"]))
"""


def _append(settings: Settings, number: int = ENTRIES, subject: str = "run") -> None:
    with Store.open(settings) as store:
        ledger = Ledger(store)
        for one in range(number):
            event = AuditEvent(type="started", at="2026-01-02T03:04:05+00:00", actor="ana", subject=f"{subject}-{one}")
            ledger.append(event)


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """A store with a trail."""
    _append(settings)
    return settings


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Escher]:
    """The command line on a machine that has no store, no key, no keychain and no variable of ours."""
    bare = tmp_path / "elsewhere"
    bare.mkdir()

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "escher.cli", *words]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(bare)}
        return subprocess.run(command, env=environment, text=True, capture_output=True, check=False, timeout=60)

    yield run
    assert not list(bare.iterdir()), "checking a file left something behind"


def test_a_trail_is_in_order_and_signed_when_the_command_ends(filled: Settings, escher: Escher) -> None:
    """Exit 0; what was not signed yet is named, and the command that tells it signs it on its way out."""
    first, again = escher("audit", "verify"), escher("audit", "verify", "--json")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert f"{ENTRIES} entries, none altered or missing." in first.stdout
    assert f"No checkpoint in time: entries 2 to {ENTRIES}" in first.stdout
    found = document(again)
    assert (found["status"], found["entries"], found["signed_entries"]) == ("ok", ENTRIES, ENTRIES)


def test_an_altered_trail_exits_with_1_and_a_cut_one_with_2(filled: Settings, escher: Escher) -> None:
    """The first bad entry is named; the command tells it although the store refuses all else."""
    whole = filled.store_path.read_bytes()
    with closing(sqlite3.connect(filled.store_path)) as file, file:
        file.execute("UPDATE immutable_reports SET sealed = zeroblob(300) WHERE position = 9")
    altered = escher("audit", "verify", "--json")
    assert (altered.returncode, document(altered)["first_bad_entry"]) == (1, 8)
    filled.store_path.write_bytes(whole)
    with closing(sqlite3.connect(filled.store_path)) as file, file:
        file.execute("DELETE FROM immutable_reports WHERE position > 21")
    cut = escher("audit", "verify", "--json")
    assert (cut.returncode, document(cut)["status"], document(cut)["entries"]) == (2, "truncated", 20)


@pytest.mark.keychain
def test_an_older_file_exits_with_2_and_a_keychain_that_forgot_with_3(
    keychain_settings: Settings, tmp_path: Path
) -> None:
    """With a keychain even a whole older copy is told, and a keychain that was made to forget is, too."""
    Store.create(keychain_settings).close()
    _append(keychain_settings)
    shutil.copy(keychain_settings.store_path, tmp_path / "older")
    _append(keychain_settings, 3)

    def verify() -> tuple[int, str]:
        command = [sys.executable, "-m", "escher.cli", "audit", "verify", "--json"]
        home = {"ESCHER_HOME": str(keychain_settings.home)}
        done = subprocess.run(command, env=os.environ | home, text=True, capture_output=True, check=False)
        return done.returncode, document(done)["status"]

    assert verify() == (0, "ok")
    newest = keychain_settings.store_path.read_bytes()
    for beside in keychain_settings.store_path.parent.glob("escher.db*"):
        beside.unlink()
    shutil.copy(tmp_path / "older", keychain_settings.store_path)
    assert verify() == (2, "truncated")
    keychain_settings.store_path.write_bytes(newest)
    with Store.open(keychain_settings) as store:
        store_id = store.store_id
    open_keychain().remove(f"anchor {store_id}")
    assert verify() == (3, "unverifiable")


def test_an_exported_file_is_proved_elsewhere(
    filled: Settings, escher: Escher, elsewhere: Escher, tmp_path: Path
) -> None:
    """Export, carry it away, check it with the fingerprint that was read out; the file is for the user only."""
    path = tmp_path / "trail.jsonl"
    exported = escher("audit", "export", "--file", str(path), "--json")
    key = document(escher("audit", "key", "--json"))
    assert document(exported) == {"file": str(path), "entries": ENTRIES, "key": key["fingerprint"]}
    assert path.stat().st_mode & 0o777 == 0o600
    for given in (key["fingerprint"], key["public_key"]):
        proved = elsewhere("audit", "verify", "--file", str(path), "--key", given, "--json")
        assert (proved.returncode, document(proved)["entries"]) == (0, ENTRIES), proved.stderr
    unproved = elsewhere("audit", "verify", "--file", str(path))
    assert unproved.returncode == 0 and f"Signed by {key['fingerprint']}: compare it" in unproved.stdout


def test_what_elsewhere_is_told_of_other_files(
    filled: Settings, escher: Escher, elsewhere: Escher, tmp_path: Path
) -> None:
    """Altered 1, signed by another 1, cut 2, something else 3; wrong words are wrong input."""
    path, other = tmp_path / "trail.jsonl", "SHA256:" + "A" * 43
    escher("audit", "export", "--file", str(path))
    whole = path.read_text()

    def verify(content: str, *words: str) -> tuple[int, str]:
        path.write_text(content)
        done = elsewhere("audit", "verify", "--file", str(path), "--json", *words)
        return done.returncode, document(done)["status"]

    assert verify(whole.replace('"run-7"', '"run-9"')) == (1, "tampered")
    assert verify(whole, "--key", other) == (1, "tampered")
    assert verify("".join(whole.splitlines(keepends=True)[:-1])) == (2, "truncated")
    assert verify("a letter\n") == (3, "unverifiable")
    refused = [("--file", str(tmp_path / "no file")), ("--file", str(path), "--key", "k"), ("--key", other)]
    for words in refused:
        done = elsewhere("audit", "verify", *words, "--json")
        assert (done.returncode, document(done)["error"]["code"]) == (2, "invalid_request")


def test_a_hostile_file_cannot_steer_the_terminal(
    filled: Settings, escher: Escher, elsewhere: Escher, tmp_path: Path
) -> None:
    """Text of a file from elsewhere is shown without its control characters."""
    path = tmp_path / "trail.jsonl"
    escher("audit", "export", "--file", str(path))
    lines = path.read_text().splitlines(keepends=True)
    last = lines[-2].replace("2026-01-02", "\\u001b[2J2026") if '"entry"' in lines[-2] else lines[-2]
    at = next(place for place, line in enumerate(lines) if '"entry":2,' in line)
    lines[at] = lines[at].replace("2026-01-02", "\\u001b[2J")
    path.write_text("".join([*lines[:-2], last, lines[-1]]).replace('"escher-audit/1"', '"escher-audit/\\u001b[2J"', 1))
    shown = elsewhere("audit", "verify", "--file", str(path))
    assert shown.returncode == 3 and "\x1b" not in shown.stdout
    path.write_text("".join([*lines[:-2], last, lines[-1]]))
    shown = elsewhere("audit", "verify", "--file", str(path))
    assert shown.returncode == 1 and "\x1b" not in shown.stdout


def test_an_export_is_whole_or_not_there(filled: Settings, escher: Escher, tmp_path: Path) -> None:
    """A file that is there stays as it is, and one that found no room is taken away again."""
    path = tmp_path / "trail.jsonl"
    path.write_text("mine")
    refused = escher("audit", "export", "--file", str(path), "--json")
    assert document(refused)["error"]["code"] == "invalid_request" and path.read_text() == "mine"
    _append(filled, 300, "x" * 100)
    own = {"ESCHER_HOME": str(filled.home), "ESCHER_PASSPHRASE_FILE": str(filled.passphrase_file)}
    command = [sys.executable, "-c", LITTLE_ROOM, str(tmp_path / "new.jsonl")]
    done = subprocess.run(command, env=os.environ | own, text=True, capture_output=True, check=False)
    assert "cannot write" in document(done)["error"]["message"], done.stderr
    assert not (tmp_path / "new.jsonl").exists()


def test_lines_on_standard_output_are_the_same_file(filled: Settings, escher: Escher, tmp_path: Path) -> None:
    """Without --file the lines go to standard output, and --json gives the plain entries."""
    path = tmp_path / "trail.jsonl"
    path.write_text(escher("audit", "export").stdout)
    done = escher("audit", "verify", "--file", str(path), "--json")
    assert (done.returncode, document(done)["entries"]) == (0, ENTRIES)
    entries = document(escher("audit", "export", "--json"))
    assert [entry["entry"] for entry in entries] == list(range(1, ENTRIES + 1))


def test_the_last_entries_are_a_table(filled: Settings, at_terminal: Callable[..., Outcome], escher: Escher) -> None:
    """The newest last; names cannot pass for markup or turn the line around; a limit below 1 is wrong input."""
    _append(filled, 1, "[red]\u202eevil")
    shown = escher("audit", "list", "--limit", "2")
    assert re.findall(r"^\s*(\d+) ", shown.stdout, re.M) == [str(ENTRIES), str(ENTRIES + 1)]
    assert "[red]⟨U+202E⟩evil-0" in shown.stdout
    assert [entry["entry"] for entry in at_terminal("audit list").document][-1] == ENTRIES + 1
    assert len(json.loads(escher("audit", "list", "--json").stdout)) == 20
    for limit in ("0", "-3"):
        with pytest.raises(InvalidInput, match="limit"):
            at_terminal(f"audit list --limit={limit}")


def test_a_second_place_is_named_by_a_setting(filled: Settings, escher: Escher, tmp_path: Path) -> None:
    """With `audit_copy` each command hands its checkpoints over when it ends, and a file put back is noticed."""
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(filled.store_path, tmp_path / "older")
    place = {"ESCHER_AUDIT_COPY": str(tmp_path / "elsewhere")}
    assert escher("audit", "verify", **place).returncode == 0
    _append(filled, 3)
    assert escher("audit", "verify", **place).returncode == 0
    again = escher("audit", "verify", **place)
    assert f"the second place does, up to entry {ENTRIES + 3}" in again.stdout
    filled.store_path.write_bytes((tmp_path / "older").read_bytes())
    cut = escher("audit", "verify", "--json", **place)
    assert (cut.returncode, document(cut)["entries"]) == (2, ENTRIES)


def test_the_key_stays_the_same(filled: Settings, escher: Escher) -> None:
    """The fingerprint is for people to compare, so it is the store's for life, and is printed first."""
    once, again = escher("audit", "key").stdout, escher("audit", "key").stdout
    assert once == again and re.fullmatch(r"SHA256:\S{43}\n[0-9a-f]{64}\n", once)
