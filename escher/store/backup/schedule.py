"""Names and times of backups: when the next one is due, and which ones have had their time. Pure.

An archive bears the moment of its making (UTC) in its name, so nothing but a list of names is needed to decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

LOCAL_DAYS = 7
_TIME = "%Y-%m-%dT%H-%M-%S"
_NAME = re.compile(r"escher_(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)(?:_(\d{1,4}))?\.snapshot", re.ASCII)


def name_at(at: datetime, taken: Collection[str] = ()) -> str:
    """The name of an archive made at this moment: `escher_2026-11-24T12-00-00.snapshot`, numbered when it is taken."""
    stem, number = f"escher_{at.astimezone(UTC).strftime(_TIME)}", 2
    name = f"{stem}.snapshot"
    while name in taken:
        name, number = f"{stem}_{number}.snapshot", number + 1
    return name


def made_at(name: str) -> datetime | None:
    """When an archive was made, by its name; None for a name that is not an archive's."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], _TIME).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def newest_first(names: Iterable[str]) -> list[str]:
    """The names of archives among these, the last made first; other names are left out."""
    return sorted((name for name in names if made_at(name) is not None), key=_order, reverse=True)


def every_hours(target: str, hours: int) -> int:
    """How often: hourly where a remote target is set, else as the settings say; zero stays never."""
    return min(hours, 1) if target else hours


def due(now: datetime, last: datetime | None, hours: int) -> bool:
    """Whether a backup is to be made now. Zero hours: never by itself. A clock that was set back behind `last`: now."""
    if hours <= 0:
        return False
    return last is None or not last <= now < last + timedelta(hours=hours)


def expired(names: Iterable[str], now: datetime, keep_days: int, good: Collection[str]) -> list[str]:
    """The archives that are older than `keep_days`, the oldest last. `good` are those known to be whole.

    The newest good one always stays; while none is known to be good, all stay.
    """
    archives = newest_first(names)
    kept = next((name for name in archives if name in good), None)
    if kept is None:
        return []
    before = now - timedelta(days=keep_days)
    return [name for name in archives if name != kept and _order(name)[0] < before]


def _order(name: str) -> tuple[datetime, int]:
    found = _NAME.fullmatch(name)
    return made_at(name) or datetime.min.replace(tzinfo=UTC), int(found[2] or 1) if found else 0
