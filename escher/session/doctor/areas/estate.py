"""The accounts, and how much of them was seen."""

from __future__ import annotations

import time

from escher.session.doctor.check import Check, Fact, Look, Patient

OLD_HOURS = 24 * 7


def _accounts(patient: Patient) -> Check:
    facts = {"accounts": len(patient.parts.estate.accounts())}
    if not facts["accounts"]:
        return Check("accounts", "warn", "No account is configured.", "escher init", facts)
    return Check("accounts", "ok", "{accounts} configured.", facts=facts)


def _estate(patient: Patient) -> Check:
    estate = patient.parts.estate
    scopes = estate.scopes()
    if not scopes:
        return Check("estate", "warn", "Nothing was scanned yet.", "escher scan")
    hours = int((time.time() - min(scope.scanned_at for scope in scopes)) // 3600)
    facts: dict[str, Fact] = {
        "resources": len(estate.snapshot().resources),
        "scopes": len(scopes),
        "incomplete": sum(scope.status != "complete" for scope in scopes),
        "oldest_hours": hours,
    }
    says = "{resources:,} resources; {incomplete} of {scopes} scopes incomplete; the oldest scan is {oldest_hours:,} h old."
    well = not facts["incomplete"] and hours < OLD_HOURS
    return Check("estate", "ok" if well else "warn", says, "" if well else "escher scan", facts)


def _duplicates(patient: Patient) -> Check:
    found = patient.parts.estate.snapshot().duplication
    facts: dict[str, Fact] = {"surplus": found.points - found.expected}
    if found.level == "ok":
        return Check("duplicates", "ok", "{surplus} resources are kept more than once.", facts=facts)
    says = "{surplus} resources are kept more than once; the daily clean-up keeps the newest of each."
    return Check("duplicates", "bad" if found.level == "alert" else "warn", says, "escher scan", facts)


LOOKS = (
    Look("accounts", _accounts, inside=True),
    Look("estate", _estate, seconds=30, inside=True),
    Look("duplicates", _duplicates, seconds=30, inside=True),
)
