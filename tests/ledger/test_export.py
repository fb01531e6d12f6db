"""An exported trail proves itself on a machine that has nothing but the file."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent, Verification
from escher.errors import InvalidInput
from escher.ledger.export import signed_lines, verify_file
from escher.ledger.ledger import Ledger
from escher.ledger.signing import Signer, fingerprint
from escher.store.vault import Store

ENTRIES = 1_000


@pytest.fixture
def lines(store: Store) -> list[str]:
    """A trail of 150 entries, exported."""
    return _exported(Ledger(store), store, 150)


def _exported(ledger: Ledger, store: Store, number: int) -> list[str]:
    with store.transaction() as within:
        for one in range(number):
            event = AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject=f"run-{one}")
            ledger.append(event, within=within)
    return list(ledger.export())


def _found(folder: Path, lines: list[str], key: str = "") -> Verification:
    path = folder / "trail.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    return verify_file(path, key)


def _place(lines: list[str], entry: int) -> int:
    return next(at for at, line in enumerate(lines) if json.loads(line).get("entry") == entry)


def test_a_whole_file_is_in_order(lines: list[str], store: Store, tmp_path: Path) -> None:
    """Without a key it says whose signature it found; with the right one it proves the origin."""
    name = fingerprint(Ledger(store).public_key)
    assert _found(tmp_path, lines).status == "ok" and name in _found(tmp_path, lines).message
    found = _found(tmp_path, lines, name)
    assert (found.status, found.entries, found.key, found.checkpoints) == ("ok", 150, name, 2)
    assert "compare" not in found.message


def test_another_machine_needs_nothing(lines: list[str], tmp_path: Path) -> None:
    """The command checks a file with no home, no store, no keychain, and exits 0; a cut file exits 2."""
    path = tmp_path / "trail.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    nothing = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path / "nobody"), "ESCHER_HOME": str(tmp_path / "none")}
    command = [sys.executable, "-m", "escher.cli", "audit", "verify", "--file", str(path), "--json"]
    done = subprocess.run(command, env=nothing, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "ok")
    path.write_text("".join(f"{line}\n" for line in lines[:-1]))
    assert subprocess.run(command, env=nothing, capture_output=True, check=False).returncode == 2
    assert not (tmp_path / "none").exists()


@pytest.mark.campaign
def test_every_altered_entry_is_located(
    store: Store, tmp_path: Path, campaign: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    """One value of one entry changed in the file: that very entry is named, for each of a thousand."""
    whole, rng = _exported(Ledger(store), store, ENTRIES), random.Random(3)
    cases = campaign(ENTRIES)
    record_property("cases", cases)
    for entry in sorted(rng.sample(range(1, ENTRIES + 1), cases)):
        at = _place(whole, entry)
        changed = [*whole[:at], whole[at].replace(f'"run-{entry - 1}"', '"run-x"'), *whole[at + 1 :]]
        found = _found(tmp_path, changed)
        assert (found.status, found.first_bad_entry) == ("tampered", entry)


def test_lines_moved_doubled_or_taken_out_are_noticed(lines: list[str], tmp_path: Path) -> None:
    """Whatever is done to the order of lines, the first entry that does not follow is named."""
    at = _place(lines, 40)
    exchanged = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
    doubled = [*lines[: at + 1], lines[at], *lines[at + 1 :]]
    gone = [*lines[:at], *lines[at + 1 :]]
    assert _found(tmp_path, exchanged).first_bad_entry == 40
    assert _found(tmp_path, doubled).first_bad_entry == 41
    assert _found(tmp_path, gone).first_bad_entry == 40
    assert _found(tmp_path, lines[:at]).status == "truncated"


def test_a_line_written_otherwise_is_noticed(lines: list[str], tmp_path: Path) -> None:
    """The same JSON in other bytes is not what was signed."""
    at = _place(lines, 7)
    spaced = [*lines[:at], json.dumps(json.loads(lines[at])), *lines[at + 1 :]]
    assert _found(tmp_path, spaced).status == "tampered"


def test_a_file_signed_anew_by_another_is_noticed(lines: list[str], store: Store, tmp_path: Path) -> None:
    """A forger can sign a whole file with a key of their own; the fingerprint tells."""
    ours = fingerprint(Ledger(store).public_key)
    theirs, at = Signer(b"t" * 32), datetime(2026, 1, 3, tzinfo=UTC)
    forged = list(signed_lines(Ledger(store).entries(), store.store_id, theirs, at))
    assert _found(tmp_path, forged).status == "ok" and _found(tmp_path, forged).key != ours
    found = _found(tmp_path, forged, ours)
    assert found.status == "tampered" and "another key" in found.message


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    """What is no exported trail is wrong input, and says how to make one."""
    for content in (b"", b"not json\n", b'{"format": "other"}\n', b"\xff\xfe\n"):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(InvalidInput, match="no exported audit trail"):
            verify_file(tmp_path / "other")
    with pytest.raises(InvalidInput, match="cannot read"):
        verify_file(tmp_path / "missing")
