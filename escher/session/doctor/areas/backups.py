"""Backups: the last one, and whether the next one has a place to go."""

from __future__ import annotations

from datetime import UTC, datetime

from escher.session.doctor.check import Check, Fact, Look, Patient
from escher.store.backup.folder import last_made, local_archives

LATE_HOURS = 48


def _backups(patient: Patient) -> Check:
    snapshots = patient.settings.snapshots
    last = last_made(snapshots)
    facts: dict[str, Fact] = {
        "here": len(local_archives(snapshots)),
        "target": patient.settings.backup_target.partition("://")[0] or "none",
    }
    if last is None:
        says = "There is no backup; a lost disk loses everything."
        return Check("backups", "warn", says, "escher backup", facts)
    facts["hours"] = int((datetime.now(UTC) - last).total_seconds() // 3600)
    says = "{here} here; the last is {hours:,} h old."
    if int(facts["hours"]) >= LATE_HOURS:
        return Check("backups", "warn", says, "escher backup", facts)
    return Check("backups", "ok", says, facts=facts)


LOOKS = (Look("backups", _backups),)
