"""An exported trail proves itself on a machine that has nothing but the file."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent, Verification
from escher.contract.wire import canonical, digest
from escher.errors import InvalidInput
from escher.ledger.export import signed_lines
from escher.ledger.ledger import Ledger
from escher.ledger.reading import LONGEST_LINE, verify_file
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
@pytest.mark.parametrize("rehashed", [False, True])
def test_every_altered_entry_is_located(
    store: Store, tmp_path: Path, campaign: Callable[[int], int], rehashed: bool
) -> None:
    """One value of one entry changed in the file: that very entry is named, for each of a thousand.

    The same with its hash made anew; only the key would make a signature anew.
    """
    whole, rng = _exported(Ledger(store), store, ENTRIES), random.Random(3)
    for entry in sorted(rng.sample(range(1, ENTRIES + 1), campaign(ENTRIES))):
        at = _place(whole, entry)
        line = whole[at].replace(f'"run-{entry - 1}"', '"run-x"')
        changed = [*whole[:at], _rehashed(line) if rehashed else line, *whole[at + 1 :]]
        found = _found(tmp_path, changed)
        assert (found.status, found.first_bad_entry) == ("tampered", entry)


def _rehashed(line: str, previous: str | None = None) -> str:
    document = json.loads(line)
    document["previous"] = document["previous"] if previous is None else previous
    document["hash"] = digest({name: value for name, value in document.items() if name != "hash"})
    return canonical(document).decode()


@pytest.mark.campaign
def test_no_byte_of_a_file_can_be_changed(
    store: Store, tmp_path: Path, campaign: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    """Any byte altered, taken out or put in, anywhere: never in order, and never a failure of its own."""
    lines, rng = _exported(Ledger(store), store, 110), random.Random(5)
    whole, path = "".join(f"{line}\n" for line in lines).encode(), tmp_path / "trail.jsonl"
    seal = len(lines[-1]) + 1
    cases = campaign(5_000)
    record_property("cases", cases)
    for case in range(cases):
        # The last line, which signs, is as likely to be hit as all others.
        at = rng.randrange(len(whole) - 1) if case % 2 else len(whole) - 1 - rng.randrange(1, seal)
        byte = bytes([whole[at] ^ rng.randrange(1, 256)])
        changed = (whole[:at] + byte + whole[at + 1 :], whole[:at] + whole[at + 1 :], whole[:at] + byte + whole[at:])
        path.write_bytes(changed[case % 3])
        found = verify_file(path)
        assert found.status != "ok", (at, case % 3)


@pytest.mark.campaign
def test_a_file_cut_anywhere_is_cut(lines: list[str], tmp_path: Path, campaign: Callable[[int], int]) -> None:
    """Wherever a file ends early, it is truncated, and says up to which entry it is in order."""
    whole, path, rng = "".join(f"{line}\n" for line in lines).encode(), tmp_path / "trail.jsonl", random.Random(9)
    first = len(lines[0]) + 1
    for size in rng.sample(range(first, len(whole) - 1), campaign(1_000)):
        path.write_bytes(whole[:size])
        found = verify_file(path)
        held = sum(
            1 for line in whole[:size].splitlines(keepends=True) if line.startswith(b'{"entry":') and line[-1:] == b"\n"
        )
        assert found.status == "truncated" and found.entries in (held, held + 1)


def test_a_file_chained_anew_without_the_key_is_caught(lines: list[str], store: Store, tmp_path: Path) -> None:
    """All entries rewritten with right hashes, first and last line kept: the first checkpoint that does not fit tells."""
    forged, previous = list(lines), "0" * 64
    for at, line in enumerate(forged):
        if line.startswith('{"entry":'):
            forged[at] = _rehashed(line.replace('"ana"', '"eve"'), previous)
            previous = json.loads(forged[at])["hash"]
    found = _found(tmp_path, forged)
    assert (found.status, found.first_bad_entry) == ("tampered", 1) and "not those that were signed" in found.message
    part = [*lines[: _place(lines, 60)], *_chained_from(lines, 60)]
    found = _found(tmp_path, part)
    assert (found.status, found.first_bad_entry, found.signed_entries) == ("tampered", 2, 1)
    assert found.message == "entries 2 to 101 cannot be vouched for: entries up to 101 are not those that were signed."
    without = [line for line in forged if '"signature"' not in line]
    assert _found(tmp_path, without).status == "truncated"
    assert _found(tmp_path, [*without, lines[-1]]).status == "tampered"


def _chained_from(lines: list[str], entry: int) -> list[str]:
    """The lines from an entry on, which says something else, chained anew."""
    at = _place(lines, entry)
    rest, previous = lines[at:], json.loads(lines[at])["previous"]
    for place, line in enumerate(rest):
        if line.startswith('{"entry":'):
            rest[place] = _rehashed(line.replace('"ana"', '"eve"'), previous)
            previous = json.loads(rest[place])["hash"]
    return rest


def test_lines_moved_doubled_or_taken_out_are_told_apart(lines: list[str], tmp_path: Path) -> None:
    """Whatever is done to the order of entries, the first that does not follow is named, with what happened to it."""
    at = _place(lines, 40)
    done = {
        "entry 40 comes only after entry 41.": [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
        "entry 41 is not there: entry 40 comes again in its place.": [*lines[: at + 1], lines[at], *lines[at + 1 :]],
        "entry 40 was altered or taken out.": [*lines[:at], *lines[at + 1 :]],
        "the trail ends at entry 39, but 150 were written.": [*lines[:at], lines[-1]],
        "the file ends at entry 39 without its last line: it was cut.": lines[:at],
    }
    for message, changed in done.items():
        assert _found(tmp_path, changed).message == message


def test_checkpoints_and_frames_are_covered_too(lines: list[str], tmp_path: Path) -> None:
    """A checkpoint moved, doubled, altered or taken out, lines put in or added, and two files put together."""
    signed = next(at for at, line in enumerate(lines) if json.loads(line).get("entries") == 101)
    entry, other = _place(lines, 60), lines[signed].replace('"entries":101', '"entries":102')
    at = _place(lines, 120)
    done = {
        "moved ahead": [*lines[:entry], lines[signed], *lines[entry:signed], *lines[signed + 1 :]],
        "moved behind": [*lines[:signed], *lines[signed + 1 : at], lines[signed], *lines[at:]],
        "doubled": [*lines[: signed + 1], *lines[signed:]],
        "altered": [*lines[:signed], other, *lines[signed + 1 :]],
        "taken out": [*lines[:signed], *lines[signed + 1 :]],
        "put in": [*lines[:entry], "{}", *lines[entry:]],
        "no last line but an altered one": [*lines[:-1], lines[-1][:-1]],
        "title altered": [lines[0].replace("20", "21", 1), *lines[1:]],
    }
    for what, changed in done.items():
        assert _found(tmp_path, changed).status == "tampered", what
    twice, added = _found(tmp_path, [*lines, *lines]), _found(tmp_path, [*lines, "{}"])
    assert (twice.status, added.status) == ("tampered", "tampered")
    assert "two were put together" in twice.message and "added behind" in added.message


def test_halves_of_two_moments_do_not_make_a_file(store: Store, tmp_path: Path) -> None:
    """An older export is in order and says up to when; its first line on a newer one's body is not."""
    ledger = Ledger(store)
    older = _exported(ledger, store, 20)
    newer = _exported(ledger, store, 20)
    found = _found(tmp_path, older)
    assert found.status == "ok" and json.loads(older[0])["exported_at"] in found.message
    assert _found(tmp_path, [older[0], *newer[1:]]).status == "tampered"
    assert _found(tmp_path, [*newer[:-1], older[-1]]).status == "tampered"


def test_an_empty_trail_is_in_order(store: Store, tmp_path: Path) -> None:
    """There is nothing in it, and that is signed."""
    found = _found(tmp_path, list(Ledger(store).export()))
    assert (found.status, found.entries, found.uncovered) == ("ok", 0, ())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[" * 100_000,
        '{"entry":' * 5_000,
        '{"entry":99999999999999999999999}',
        '{"entry":"\\ud800"}',
        "NaN",
        "\0",
        "é" * 9,
    ],
)
def test_a_hostile_line_is_tampered_with(lines: list[str], tmp_path: Path, line: str) -> None:
    """Whatever stands in the place of an entry, the result names the entry and nothing fails."""
    at = _place(lines, 40)
    found = _found(tmp_path, [*lines[:at], line, *lines[at + 1 :]])
    assert (found.status, found.first_bad_entry) == ("tampered", 40)


def test_a_huge_line_is_not_read_whole(lines: list[str], tmp_path: Path) -> None:
    """A line of gigabytes, here a sparse file, is given up after a few megabytes."""
    path = tmp_path / "trail.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines[:50]))
    with path.open("r+b") as file:
        file.truncate(8_000_000_000)
    tracemalloc.start()
    found = verify_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.status == "tampered" and "longer than any" in found.message
    assert peak < 5 * LONGEST_LINE


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
    assert _found(tmp_path, lines, Ledger(store).public_key).status == "ok"
    with pytest.raises(InvalidInput, match="no key"):
        _found(tmp_path, lines, "SHA256:something")


def test_a_file_of_another_kind_is_unverifiable(lines: list[str], tmp_path: Path) -> None:
    """What is no exported trail, one of another version, and one that was converted on its way are told apart."""
    whole = "".join(f"{line}\n" for line in lines)
    kinds = {
        "no exported audit trail": [b"", b"not json\n", b'{"format": "other"}\n', b"\xff\n", b"[1]\n"],
        "another version": [whole.replace("escher-audit/1", "escher-audit/2", 1).encode()],
        "another encoding": [
            whole.encode("utf-16"), whole.encode("utf-8-sig"), whole.encode("utf-16-be"), whole.replace("\n", "\r\n").encode()
        ],
    }  # fmt: skip
    for message, contents in kinds.items():
        for content in contents:
            (tmp_path / "other").write_bytes(content)
            found = verify_file(tmp_path / "other")
            assert found.status == "unverifiable" and message in found.message
    with pytest.raises(InvalidInput, match="cannot read"):
        verify_file(tmp_path / "missing")
    with pytest.raises(InvalidInput, match="cannot read"):
        verify_file(tmp_path)
