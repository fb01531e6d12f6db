"""An attacker with the file and without a key, many times over: every attack is noticed, and by its right name."""

from __future__ import annotations

import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.store.vault import Store
from tests.campaigns import FULL
from tests.store.attacked import MUTABLE, NAMES, OTHER_DATA, Row, Target, put_row
from tests.store.conftest import passphrase_settings
from tests.store.pages import live_spans

pytestmark = pytest.mark.campaign
Campaign = Callable[[int], int]
Property = Callable[[str, object], None]
PAGE = 4_096


@pytest.fixture(scope="module")
def target(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A store with six filled collections and some history."""
    return _history(empty_home, tmp_path_factory.mktemp("attacked"), seed=1)


@pytest.fixture(scope="module")
def fork(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Target:
    """The same store with the same keys, and another history since it was empty."""
    return _history(empty_home, tmp_path_factory.mktemp("fork"), seed=2)


def _history(empty_home: Path, folder: Path, seed: int) -> Target:
    shutil.copytree(empty_home, folder / "copy")
    return Target(passphrase_settings(folder / "copy"), seed)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """Another store under the same passphrase."""
    settings = passphrase_settings(tmp_path_factory.mktemp("stranger"))
    Store.create(settings).close()
    return Target(settings)


def test_every_flipped_bit_is_noticed(target: Target, campaign: Campaign, record_property: Property) -> None:
    """Any bit in use, in every kind of place: the header, the schema, pages of trees, records and overflow chains."""
    rng = random.Random(2)
    target.restore()
    by_kind = defaultdict(list)
    for span in live_spans(target.path):
        by_kind[span.kind].append(span)
    outcomes: Counter[str] = Counter()
    unnoticed: list[str] = []
    for _ in range(campaign(1_000)):
        kind = rng.choice(sorted(by_kind))
        [span] = rng.choices(by_kind[kind], [span.stop - span.start for span in by_kind[kind]])
        at, bit = rng.randrange(span.start, span.stop), rng.randrange(8)
        changed = bytearray(target.newest.data)
        changed[at] ^= 1 << bit
        target.restore(changed)
        outcome = target.judge()
        # Only the header's own table says which key it is.
        allowed = {"StoreTampered", *(("WrongKey", "KeyUnavailable") if span.tree == "header" else ())}
        if outcome not in allowed:
            unnoticed.append(f"{outcome}: bit {bit} of byte {at - span.start} of {span}")
        outcomes[f"{kind}: {outcome}"] += 1
    record_property("outcomes", dict(sorted(outcomes.items())))
    assert not unnoticed, "\n".join(unnoticed)


def test_every_swap_of_rows_is_noticed(
    target: Target, fork: Target, stranger: Target, campaign: Campaign, record_property: Property
) -> None:
    """Between rows, collections, stores, and two histories of one store: the ciphertext alone, or the whole row."""
    rng = random.Random(3)
    swaps = (_swap_values, _swap_across, _swap_places, _take_value, _take_row)
    outcomes: Counter[str] = Counter()
    for number in range(campaign(1_000)):
        swap = swaps[number % len(swaps)]
        swap(rng, target, (fork, stranger)[number // len(swaps) % 2])
        outcomes[f"{swap.__name__}: {target.judge()}"] += 1
    record_property("outcomes", dict(outcomes))
    assert outcomes.keys() == {f"{swap.__name__}: StoreTampered" for swap in swaps}


def _swap_values(rng: random.Random, target: Target, other: Target) -> None:
    """Two rows of a collection exchange what they hold."""
    name = rng.choice(NAMES)
    one, two = rng.sample(target.newest.rows[name], 2)
    with target.attacked() as connection:
        put_row(connection, name, (*one[:-1], two[-1]))
        put_row(connection, name, (*two[:-1], one[-1]))


def _swap_across(rng: random.Random, target: Target, other: Target) -> None:
    """Two rows of two collections exchange what they hold, with the id of the key."""
    name, second = rng.sample(NAMES, 2)
    one, two = rng.choice(target.newest.rows[name]), rng.choice(target.newest.rows[second])
    with target.attacked() as connection:
        put_row(connection, name, (*one[:-2], *two[-2:]))
        put_row(connection, second, (*two[:-2], *one[-2:]))


def _swap_places(rng: random.Random, target: Target, other: Target) -> None:
    """Two rows of a collection exchange their positions."""
    name = rng.choice(NAMES)
    one, two = rng.sample(target.newest.rows[name], 2)
    with target.attacked() as connection:
        connection.execute(f"DELETE FROM {name} WHERE position IN (?, ?)", (one[0], two[0]))
        put_row(connection, name, (one[0], *two[1:]))
        put_row(connection, name, (two[0], *one[1:]))


def _take_value(rng: random.Random, target: Target, other: Target) -> None:
    """A row gets what the same position of another store, or another history, holds."""
    name = rng.choice(NAMES)
    one, two = _pair(rng, target, other, name)
    with target.attacked() as connection:
        put_row(connection, name, (*one[:-1], two[-1]))


def _take_row(rng: random.Random, target: Target, other: Target) -> None:
    """A row is replaced by the same position's of another store or history; whole, and authentic there."""
    name = rng.choice(NAMES)
    one, two = _pair(rng, target, other, name)
    with target.attacked() as connection:
        connection.execute(f"DELETE FROM {name} WHERE position = ?", one[:1])
        put_row(connection, name, two)


def _pair(rng: random.Random, target: Target, other: Target, name: str) -> tuple[Row, Row]:
    ours = {row[0]: row for row in target.newest.rows[name]}
    theirs = {row[0]: row for row in other.newest.rows[name]}
    position = rng.choice([position for position in ours if position in theirs and ours[position] != theirs[position]])
    return ours[position], theirs[position]


def test_every_replay_is_noticed(target: Target, campaign: Campaign, record_property: Property) -> None:
    """A row put back byte for byte as it once was, in its own place: also one that was deleted since."""
    rng = random.Random(4)
    outcomes: Counter[str] = Counter()
    for _ in range(campaign(100)):
        name = rng.choice(MUTABLE)
        newest = set(target.newest.rows[name])
        with target.attacked() as connection:
            put_row(connection, name, rng.choice([row for row in target.older.rows[name] if row not in newest]))
        outcomes[target.judge()] += 1
    record_property("outcomes", dict(outcomes))
    assert outcomes.keys() == {"StoreTampered"}


def test_every_deleted_row_is_noticed(target: Target, campaign: Campaign, record_property: Property) -> None:
    """One row, some rows, or the tombstone of one that is gone anyway."""
    rng = random.Random(5)
    outcomes: Counter[str] = Counter()
    for _ in range(campaign(100)):
        name = rng.choice(NAMES)
        rows = rng.sample(target.newest.rows[name], rng.choice((1, 1, 1, 2, 30)))
        with target.attacked() as connection:
            connection.executemany(f"DELETE FROM {name} WHERE position = ?", [row[:1] for row in rows])
        outcomes[target.judge()] += 1
    record_property("outcomes", dict(outcomes))
    assert outcomes.keys() == {"StoreTampered"}


def test_every_truncation_is_noticed(target: Target, record_property: Property) -> None:
    """Cut at every 4 KiB, and a byte before it."""
    size = len(target.newest.data)
    ends = [end - less for end in range(0, size, PAGE) for less in (0, 1) if end >= less]
    cases = ends if FULL else ends[:: len(ends) // 20]
    outcomes: Counter[str] = Counter()
    for end in cases:
        target.restore(target.newest.data[:end])
        outcomes[target.judge()] += 1
    record_property("cases", len(cases))
    record_property("outcomes", dict(outcomes))
    assert outcomes.keys() == {"StoreTampered"}


@pytest.mark.parametrize("name", NAMES)
def test_an_older_table_is_noticed(target: Target, fork: Target, name: str) -> None:
    """All rows of one collection as they once were, as a restored backup of the file's one table would be; or none."""
    for rows in ((), target.older.rows[name], fork.newest.rows[name]):
        if set(rows) == set(target.newest.rows[name]):
            continue
        with target.attacked() as connection:
            connection.execute(f"DELETE FROM {name}")
            for row in rows:
                put_row(connection, name, row)
        assert target.judge() == "StoreTampered"


def test_another_root_is_noticed(target: Target, fork: Target, stranger: Target) -> None:
    """An older root with the newest rows, a root of another history, or of another store."""
    for root in (target.older.root, fork.newest.root, stranger.newest.root):
        with target.attacked() as connection:
            connection.execute("UPDATE header SET value = ? WHERE name = 'root'", (root,))
        assert target.judge() == "StoreTampered"


def test_an_untouched_store_is_read(target: Target) -> None:
    """What finds all this finds nothing where nothing was done; and other data would be told apart."""
    target.restore()
    assert target.judge() == "unnoticed"
    target.restore(target.older.data)
    assert target.judge() == OTHER_DATA
