"""Room on the disk of the home."""

from __future__ import annotations

import shutil
from pathlib import Path

from escher.session.doctor.check import Check, Look, Patient

LOW_BYTES = 1_000_000_000


def _disk(patient: Patient) -> Check:
    folder = existing(patient.settings.home)
    free = shutil.disk_usage(folder).free
    facts = {"free_mb": free // 1_000_000}
    if free < LOW_BYTES:
        move = "Free some space: a backup needs twice the store's size."
        return Check("disk", "warn", "Only {free_mb:,} MB are free on the disk of the home.", move, facts)
    return Check("disk", "ok", "{free_mb:,} MB are free on the disk of the home.", facts=facts)


def existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


LOOKS = (Look("disk", _disk),)
