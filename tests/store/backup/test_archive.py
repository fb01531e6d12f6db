"""An archive: whole, consistent, unreadable without its key, and worth nothing once a bit of it was changed."""

from __future__ import annotations

import os
import random
import secrets
import stat
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from escher.errors import BackupError, BackupUnreadable, EscherError, KeyUnavailable, MigrationError, WrongKey
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.chunks import CHUNK_BYTES
from escher.store.backup.header import SIGNATURE_BYTES, SIGNED, read_header
from escher.store.backup.returning import as_today
from escher.store.backup.writing import write_archive
from escher.store.collections import COLLECTIONS
from escher.store.records import Record
from escher.store.root import SCHEMA
from escher.store.sealing import TAG_BYTES
from escher.store.vault import Store
from tests.store.backup.conftest import MADE_AT, dump, dump_of, read_through
from tests.store.canaries import Canaries, Detector
from tests.store.conftest import passphrase_settings

BackUp = Callable[..., Archive]
Damage = Callable[[bytearray], Any]


def test_everything_is_in_it(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """Each record of each collection is in the archive with its body and its vector, in order of insertion."""
    archive, everything = back_up(filled), dump(filled)
    found = dump_of(archive, settings)
    assert found == everything
    assert {name: list(records) for name, records in found.items()} == {
        name: list(records) for name, records in everything.items()
    }
    manifest = read_through(archive.path, settings)
    assert {name: tally.records for name, tally in manifest.collections.items()} == {
        name: filled.count(name) for name in COLLECTIONS
    }
    assert (manifest.store_id, manifest.sequence) == (filled.store_id, filled.sequence)


def test_an_empty_store_has_a_backup_too(store: Store, settings: Settings, back_up: BackUp) -> None:
    """No record is needed for an archive to be whole."""
    assert read_through(back_up(store).path, settings).records == 0


def test_it_is_private(filled: Store, back_up: BackUp) -> None:
    """Nobody else on this machine may even copy it."""
    assert stat.S_IMODE(back_up(filled).path.stat().st_mode) == 0o600


def test_it_is_one_commit_although_others_write(filled: Store, settings: Settings, tmp_path: Path) -> None:
    """What is committed while the archive is made is not in it, not even in part."""
    before, numbers = dump(filled), iter(range(1_000))

    def write_on(event: Any) -> None:
        number = next(numbers)
        with filled.transaction() as within:
            for name, one in zip(COLLECTIONS, before.values(), strict=True):
                within.retire(name, next(iter(one)))
                within.put(name, Record(f"new:{name}:{number}", {"kind": "later"}))

    write_archive(filled, tmp_path / "archive", MADE_AT, write_on)
    assert dump_of(Archive.open(tmp_path / "archive"), settings) == before
    assert dump(filled) != before


def test_a_rotation_meanwhile_does_no_harm(filled: Store, settings: Settings, tmp_path: Path) -> None:
    """Keys that are dropped while the archive is made still open what it reads."""
    before, once = dump(filled), iter([filled.rotate])

    def rotate_once(event: Any) -> None:
        for rotate in once:
            rotate()

    write_archive(filled, tmp_path / "archive", MADE_AT, rotate_once)
    assert dump_of(Archive.open(tmp_path / "archive"), settings) == before == dump(filled)


def test_a_failure_leaves_no_file(filled: Store, tmp_path: Path) -> None:
    """An archive that was not finished is gone."""

    def fail(event: Any) -> None:
        raise BackupError("no", hint="")

    with pytest.raises(BackupError):
        write_archive(filled, tmp_path / "archive", MADE_AT, fail)
    assert not (tmp_path / "archive").exists()


def test_nothing_is_ever_in_clear(filled: Store, settings: Settings, canaries: Canaries, tmp_path: Path) -> None:
    """Neither the archive nor any file beside it or in a temporary folder holds a word of the store at any moment."""
    detector, hits, looks = Detector(canaries.words, canaries.vectors), {}, 0

    def look(event: Any) -> None:
        nonlocal hits, looks
        looks += 1
        hits |= detector.hits_under(settings.home, tmp_path / "backups")

    (tmp_path / "backups").mkdir()
    write_archive(filled, tmp_path / "backups/archive", MADE_AT, look)
    look({})
    assert len(canaries.words) > 100 and looks > len(COLLECTIONS)
    assert hits == {}


# -- keys --------------------------------------------------------------------------------------------------


def test_without_its_key_it_is_useless_and_says_so(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """The error names the store, and how its key comes here."""
    archive = back_up(filled)
    with pytest.raises(KeyUnavailable) as missing:
        archive.unlock(Settings(home=settings.home))
    assert filled.store_id in missing.value.message
    assert "useless" in missing.value.message
    assert "escher keys import" in missing.value.hint


def test_another_passphrase_does_not_open_it(filled: Store, back_up: BackUp, tmp_path: Path) -> None:
    """A wrong key is told apart from a damaged archive."""
    other = passphrase_settings(tmp_path / "other")
    assert other.passphrase_file is not None
    other.passphrase_file.write_text("something else\n")
    with pytest.raises(WrongKey):
        read_through(back_up(filled).path, other)


def test_the_key_of_another_store_does_not_open_it(filled: Store, back_up: BackUp, tmp_path: Path) -> None:
    """Two stores of one passphrase do not read each other's backups."""
    archive, other = back_up(filled), passphrase_settings(tmp_path / "other")
    with Store.create(other) as second:
        header = Archive.open(back_up(second, "second").path).header
    strange = replace(archive, header=replace(archive.header, identity=header.identity))
    with pytest.raises(BackupUnreadable):
        strange.manifest(strange.unlock(other).master)


def test_a_later_version_is_refused(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """An archive of a version that is not known yet is not guessed at."""
    archive = back_up(filled)
    later = replace(archive, header=replace(archive.header, schema=99))
    with pytest.raises(MigrationError):
        later.manifest(later.unlock(settings).master)


def test_records_of_an_older_version_are_read() -> None:
    """An operation of the first version comes back as it is written today."""
    old = Record("plan:1", {"kind": "plan", "plan_id": "1"})
    assert as_today("executed_operations", old, 1).body == {"record": "plan", "plan_id": "1"}
    assert as_today("chat_history", old, 1) is as_today("executed_operations", old, SCHEMA) is old


# -- attacks -----------------------------------------------------------------------------------------------


@pytest.fixture
def large(filled: Store, back_up: BackUp) -> Archive:
    """An archive of several chunks."""
    with filled.transaction() as within:
        for number in range(900):
            within.put("cloud_estate", Record(f"large:{number}", {"text": secrets.token_hex(1_200)}, os.urandom(1_536)))
    archive = back_up(filled)
    assert archive.ends - archive.begins > 2 * CHUNK_BYTES
    return archive


def signed_anew(data: bytes) -> bytes:
    """What somebody without the store's keys would do: put a key and a signature of their own."""
    signer = Ed25519PrivateKey.generate()
    return data[:-SIGNATURE_BYTES] + signer.sign(SIGNED + sha256(data[:-SIGNATURE_BYTES]).digest())


def _attack(archive: Archive, change: Damage) -> tuple[Path, Archive | None]:
    data = bytearray(archive.path.read_bytes())
    changed = change(data)
    path = archive.path.with_name("attacked")
    path.write_bytes(bytes(data if changed is None else changed))
    try:
        return path, Archive.open(path)
    except BackupUnreadable:
        return path, None


def assert_refused(archive: Archive, settings: Settings, change: Damage) -> None:
    """The signature gives the change away; and so does the encryption, whatever the signature says."""
    path, opened = _attack(archive, change)
    with pytest.raises(EscherError):
        read_through(path, settings)
    if opened is not None:
        with pytest.raises(BackupUnreadable):
            opened.check_signature()
        with pytest.raises((BackupUnreadable, WrongKey, KeyUnavailable, MigrationError)):
            opened.manifest(opened.unlock(settings).master)


def test_each_region_is_covered(large: Archive, settings: Settings, campaign: Callable[[int], int]) -> None:
    """A flipped bit in the magic, the length, the header, any chunk or its tag, or the signature is found."""
    size, dice = large.path.stat().st_size, random.Random(7)
    places = [0, 15, 16, 19, 20, large.begins - 1, large.begins, large.begins + CHUNK_BYTES, large.ends - 1]
    places += [dice.randrange(size - SIGNATURE_BYTES) for _ in range(campaign(300))]
    for at in places:

        def flip(data: bytearray, at: int = at) -> None:
            data[at] ^= 1 << dice.randrange(8)

        assert_refused(large, settings, flip)


def test_a_changed_signature_is_found(large: Archive) -> None:
    """Each byte of it counts, and so does one that is missing or too many."""
    changes: tuple[Damage, ...] = (
        lambda data: data.__setitem__(-1, data[-1] ^ 1),
        lambda data: data.__setitem__(-SIGNATURE_BYTES, data[-SIGNATURE_BYTES] ^ 1),
        lambda data: data[:-1],
        lambda data: data + b"\0",
    )
    for change in changes:
        _, opened = _attack(large, change)
        assert opened is not None
        with pytest.raises(BackupUnreadable):
            opened.check_signature()


def test_a_cut_is_found_wherever_it_is(large: Archive, settings: Settings) -> None:
    """Cut at every chunk's end, and in the header: signed anew or not, it does not open."""
    for at in [*range(large.begins, large.ends, CHUNK_BYTES + TAG_BYTES), 0, 10, 18, 40, large.begins - 1]:
        assert_refused(large, settings, lambda data, at=at: data[:at])
        assert_refused(large, settings, lambda data, at=at: data[:at] + data[-SIGNATURE_BYTES:])
        _, opened = _attack(large, lambda data, at=at: signed_anew(bytes(data[:at] + data[-SIGNATURE_BYTES:])))
        if opened is not None:
            with pytest.raises(BackupUnreadable):
                opened.manifest(opened.unlock(settings).master)


def test_chunks_cannot_be_moved(large: Archive, settings: Settings) -> None:
    """Two chunks that changed places, one that is there twice, and one that is missing are found."""
    step, begins = CHUNK_BYTES + TAG_BYTES, large.begins

    def swap(data: bytearray) -> bytes:
        return bytes(data[:begins] + data[begins + step : begins + 2 * step] + data[begins : begins + step] + data[begins + 2 * step :])  # fmt: skip

    assert_refused(large, settings, swap)
    assert_refused(large, settings, lambda data: data[: begins + step] + data[begins:])
    assert_refused(large, settings, lambda data: data[:begins] + data[begins + step :])


def test_two_archives_do_not_mix(large: Archive, filled: Store, settings: Settings, back_up: BackUp) -> None:
    """A chunk, or everything behind the header, of another archive of the same store is found."""
    other = back_up(filled, "other")
    strange, step = other.path.read_bytes(), CHUNK_BYTES + TAG_BYTES
    theirs = strange[other.begins : other.begins + step]
    assert_refused(large, settings, lambda data: data[: large.begins] + theirs + data[large.begins + step :])
    assert_refused(large, settings, lambda data: data[: large.begins] + strange[other.begins :])
    assert_refused(large, settings, lambda data: strange[: other.begins] + data[large.begins :])


def test_what_is_no_archive_is_refused(tmp_path: Path, settings: Settings) -> None:
    """Any other file, an empty one, and one that is not there are errors with a next move."""
    for content in (b"", b"escher backup 1\n", b"escher backup 1\n\0\0\0\2[]" + bytes(80), os.urandom(5_000)):
        (tmp_path / "none").write_bytes(content)
        with pytest.raises(BackupUnreadable):
            Archive.open(tmp_path / "none")
    with pytest.raises(BackupError) as missing:
        Archive.open(tmp_path / "nowhere")
    assert missing.value.hint


def test_the_header_says_whose_it_is(filled: Store, back_up: BackUp) -> None:
    """Without any key one sees the store's id and when it was made, and nothing of what is in it."""
    archive = back_up(filled)
    with archive.path.open("rb") as file:
        header, plain = read_header(file)
    assert (header.identity.store_id.hex(), header.made_at) == (filled.store_id, MADE_AT)
    assert len(plain) < 2_000
