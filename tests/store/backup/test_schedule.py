"""Names of backups, when the next one is due, and which ones go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from escher.store.backup.schedule import due, every_hours, expired, made_at, name_at, newest_first

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def days_ago(days: float) -> str:
    return name_at(NOON - timedelta(days=days))


def test_a_name_tells_when_in_utc() -> None:
    """The name bears the time in UTC, to the second, and is read back."""
    name = name_at(NOON.astimezone(timezone(timedelta(hours=-5))))
    assert name == "escher_2026-11-24T12-00-00.snapshot"
    assert made_at(name) == NOON


def test_a_taken_name_is_numbered() -> None:
    """Two backups in one second get two names, and the second is the newer."""
    first = name_at(NOON)
    second = name_at(NOON, {first})
    third = name_at(NOON, {first, second})
    assert [second, third] == ["escher_2026-11-24T12-00-00_2.snapshot", "escher_2026-11-24T12-00-00_3.snapshot"]
    assert made_at(third) == NOON
    assert newest_first([second, first, third]) == [third, second, first]


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt", ".escher_2026-11-24T12-00-00.snapshot.ab12", "escher_2026-13-24T12-00-00.snapshot",
        "escher_2026-11-24T12-00-00.snapshot.part", "escher_.snapshot", "x/escher_2026-11-24T12-00-00.snapshot",
    ],
)  # fmt: skip
def test_other_names_are_no_archives(name: str) -> None:
    """A draft, a wrong date or somebody's own file is not taken for a backup."""
    assert made_at(name) is None
    assert newest_first([name]) == []


@pytest.mark.parametrize(
    ("last", "hours", "wanted"),
    [
        (None, 24, True),
        (None, 0, False),
        (NOON - timedelta(hours=23, minutes=59), 24, False),
        (NOON - timedelta(hours=24), 24, True),
        (NOON, 24, False),
        (NOON + timedelta(minutes=1), 24, True),
        (NOON - timedelta(days=99), 0, False),
    ],
)
def test_due(last: datetime | None, hours: int, *, wanted: bool) -> None:
    """Due when there is none, when the hours have passed, or when the clock was set back; never for zero hours."""
    assert due(NOON, last, hours) is wanted


def test_hourly_with_a_target() -> None:
    """A remote target makes it hourly; zero stays never."""
    assert [every_hours("s3://bucket", 24), every_hours("", 24), every_hours("s3://bucket", 0)] == [1, 24, 0]


def test_old_ones_go_but_never_the_only_good_one() -> None:
    """What is older than the days goes, unless it is the newest that is known to be whole."""
    names = [days_ago(days) for days in (1, 6.9, 7.1, 30)]
    assert expired(names, NOON, 7, {names[0]}) == names[2:]
    assert expired(names, NOON, 7, {names[2]}) == [names[3]]
    assert expired(names, NOON, 7, set()) == []
    assert expired([*names, "notes.txt"], NOON, 0, {names[3]}) == names[:3]
