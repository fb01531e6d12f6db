"""An exported key on paper: what a person types again is read, and every mistake is named by its line."""

from __future__ import annotations

import random
import re
import stat
from pathlib import Path

import pytest

from escher.errors import InvalidInput, StoreError, WrongKey
from escher.store import passphrase, recovery
from escher.store.identity import Identity
from escher.store.keys import MasterKey

STORE_ID, WORDS = bytes(range(16)), b"nine words that nobody else would think of"
LINES = 7


@pytest.fixture(scope="module")
def exported() -> str:
    """An exported key."""
    master = MasterKey(bytes(range(100, 132)), STORE_ID)
    return recovery.export(master, Identity(STORE_ID, master.check(), None), WORDS)


def _numbered(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match(r" *\d+ ", line)]


def test_it_gives_the_key_back(exported: str) -> None:
    """With its passphrase, and only with that one."""
    identity = recovery.parse(exported)
    assert identity.store_id == STORE_ID and identity.check == MasterKey(bytes(range(100, 132)), STORE_ID).check()
    assert recovery.opened(identity, WORDS) == bytes(range(100, 132))
    with pytest.raises(WrongKey):
        recovery.opened(identity, b"other words")


def test_it_is_wrapped_as_promised(exported: str) -> None:
    """Argon2id with t=3, 64 MiB and p=4; lines short enough for paper, and nothing of the key in clear."""
    slot = recovery.parse(exported).slot
    assert slot is not None
    assert [int.from_bytes(slot[at : at + 4], "big") for at in (0, 4, 8)] == [3, 64 * 1024, 4]
    assert len(_numbered(exported)) == LINES and max(map(len, exported.splitlines())) <= 96
    assert exported.isascii() and bytes(range(100, 132)).hex() not in exported.lower()


def test_how_it_was_typed_does_not_matter(exported: str) -> None:
    """Small letters, other spaces, no blank lines, a zero for an O, a one for an I, an eight for a B, words around it."""
    typed = exported.lower().replace("\n\n", "\n").replace("  ", "\t ")
    head, *rest = typed.splitlines()
    numbered = [line if not line.strip()[:1].isdigit() else _confused(line) for line in rest]
    assert recovery.parse("\r\n".join([head, *numbered, "thrown in by a scanner 1 2 3"])) == recovery.parse(exported)


def _confused(line: str) -> str:
    number, letters = line.strip().split(maxsplit=1)
    return f"{number} {letters.translate(str.maketrans('oib', '018'))}"


def test_every_mistyped_letter_is_named_by_its_line(exported: str) -> None:
    """Any letter of any line changed to any other: the line's number is said."""
    chance, lines = random.Random(7), exported.splitlines()
    for _ in range(300):
        at = chance.choice([index for index, line in enumerate(lines) if line in _numbered(exported)])
        places = [place for place, letter in enumerate(lines[at]) if letter.isalpha()]
        place = chance.choice(places)
        other = chance.choice([letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != lines[at][place]])
        changed = [*lines]
        changed[at] = f"{lines[at][:place]}{other}{lines[at][place + 1 :]}"
        with pytest.raises(InvalidInput, match=rf"line {int(lines[at].split()[0])} of the exported key was mistyped"):
            recovery.parse("\n".join(changed))


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_a_missing_line_is_named(exported: str, number: int) -> None:
    """Left out, it is missed by its number; so is the end."""
    lines = [line for line in exported.splitlines() if not line.strip().startswith(f"{number} ")]
    with pytest.raises(InvalidInput, match=r"is missing|not complete"):
        recovery.parse("\n".join(lines))


def test_exchanged_lines_and_a_cut_end_are_seen(exported: str) -> None:
    """Each line's checksum knows its place."""
    first, second = _numbered(exported)[:2]
    swapped = exported.replace(first, "x").replace(second, f" 2{first[2:]}").replace("x", f" 1{second[2:]}")
    with pytest.raises(InvalidInput, match="line 1 of the exported key was mistyped"):
        recovery.parse(swapped)
    with pytest.raises(InvalidInput, match="end of the exported key is missing"):
        recovery.parse(exported.removesuffix("END\n"))


def test_what_is_no_export_is_said(tmp_path: Path) -> None:
    """Any other text."""
    for text in ("", "a key", "BEGIN ESCHER"):
        with pytest.raises(InvalidInput, match="no exported key"):
            recovery.parse(text)


def test_an_export_of_a_later_version_is_refused(exported: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not guessed at."""
    identity = recovery.parse(exported)
    monkeypatch.setattr(recovery, "VERSION", 2)
    later = recovery.armoured(identity)
    monkeypatch.undo()
    with pytest.raises(InvalidInput, match="version 2"):
        recovery.parse(later)


def test_a_check_that_is_another_store_s_is_refused(exported: str) -> None:
    """An export whose parts were put together from two opens nothing."""
    identity = recovery.parse(exported)
    with pytest.raises(WrongKey, match="not the one that it says"):
        recovery.opened(Identity(identity.store_id, bytes(32), identity.slot), WORDS)


def test_a_weak_passphrase_makes_no_export() -> None:
    """The paper would protect nothing."""
    master = MasterKey(bytes(32), STORE_ID)
    with pytest.raises(InvalidInput, match="fewer than"):
        recovery.export(master, Identity(STORE_ID, master.check(), None), b"short")
    assert passphrase.LEAST_CHARACTERS == 12


def test_the_file_is_private_and_never_takes_the_place_of_another(exported: str, tmp_path: Path) -> None:
    """Mode 0600 from its first moment; an existing file stays as it is."""
    file = tmp_path / "key.txt"
    recovery.write_private(file, exported)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.read_text() == exported
    with pytest.raises(StoreError, match="exists already"):
        recovery.write_private(file, "other")
    assert file.read_text() == exported
    with pytest.raises(StoreError, match="cannot write"):
        recovery.write_private(tmp_path / "nowhere" / "key.txt", exported)
