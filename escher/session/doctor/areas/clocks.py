"""Clocks: a machine whose clock is wrong is refused by clouds, and confuses ages, schedules and expiry.

What is asked costs no permission: the file system by a file of ours, servers by the `Date` of any answer.
"""

from __future__ import annotations

import os
import ssl
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from escher.errors import EscherError, ServerUnavailable
from escher.session.doctor.areas.disk import existing
from escher.session.doctor.areas.server import ask
from escher.session.doctor.check import Check, Fact, Look, Patient

if TYPE_CHECKING:
    import httpx

    from escher.contract.estate import Account
    from escher.session.wiring import Parts

# AWS refuses a signature that is five minutes off; a minute is worth a word before.
WARN_SECONDS, BAD_SECONDS = 60, 240
ANSWER_SECONDS = 5.0
_DOMAINS = {"aws-cn": "amazonaws.com.cn"}
_SET = "Set the clock: timedatectl set-ntp true"


def _record_clock(patient: Patient) -> Check:
    """A record from the future means that the clock was set back, or was ahead when it was written."""
    newest, now = newest_record(patient.parts), time.time()
    facts = {"behind_seconds": round(max(0.0, newest - now))}
    if newest - now > WARN_SECONDS:
        says = "The clock was set back: the store holds a record that is {behind_seconds:,} s ahead of it."
        return Check("clock of records", "bad", says, _SET, facts)
    return Check("clock of records", "ok", "No record in the store is from the future.", facts=facts)


def newest_record(parts: Parts) -> float:
    """When the newest record was written by its own account, in Unix seconds; 0 for an empty store."""
    audited = (datetime.fromisoformat(entry.event.at).timestamp() for entry in parts.ledger.entries())
    return max((0.0, *audited, *(float(scope.scanned_at) for scope in parts.estate.scopes())))


def _file_clock(patient: Patient) -> Check:
    """A home on another machine's disk has that machine's time."""
    folder = existing(patient.settings.home)
    try:
        with tempfile.TemporaryFile(prefix=".escher-clock-", dir=folder) as file:
            file.write(b"\n")
            file.flush()
            skew = os.fstat(file.fileno()).st_mtime - time.time()
    except OSError:
        says = "The home cannot be written, so its clock was not read."
        return Check("clock of files", "warn", says, "Check who owns the home, and whether its disk is read-only.")
    return _judged("clock of files", "file system", skew)


def _server_clock(patient: Patient) -> Check | None:
    if not patient.settings.server:
        return None
    return _judged("clock of the server", "server", _skew(lambda: ask(patient.settings)))


def _cloud_clock(patient: Patient) -> Check | None:
    account = next((one for one in patient.parts.estate.accounts() if one.provider == "aws"), None)
    if account is None:
        return None
    try:
        skew = _skew(lambda: _anything(account))
    except EscherError:
        says, move = "AWS does not answer here, so its clock was not read.", "Check the network and the proxy."
        return Check("clock of AWS", "warn", says, move)
    return _judged("clock of AWS", "cloud", skew)


def _anything(account: Account) -> httpx.Response:
    """Whatever the cloud answers to nobody in particular; that needs no credentials."""
    import httpx

    address = account.endpoint_url or f"https://sts.us-east-1.{_DOMAINS.get(account.partition, 'amazonaws.com')}"
    try:
        verify = ssl.create_default_context(cafile=account.ca_bundle or None)
        return httpx.head(address, timeout=ANSWER_SECONDS, verify=verify, proxy=account.proxy or None)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as cause:
        raise ServerUnavailable(f"{address} does not answer ({type(cause).__name__}).") from cause


def _skew(asked: Callable[[], httpx.Response]) -> float:
    """How far ahead of this machine another one is, in seconds, to half of the time that asking took."""
    before = time.time()
    stated = asked().headers.get("date", "")
    try:
        return parsedate_to_datetime(stated).timestamp() - (before + time.time()) / 2
    except ValueError as cause:
        raise ServerUnavailable("the answer bears no date.") from cause


def _judged(name: str, whose: str, skew: float) -> Check:
    # A `Date` counts whole seconds, and a file's time may be rounded.
    facts: dict[str, Fact] = {"skew_seconds": 0 if abs(skew) < 2 else round(skew), "whose": whose}
    if abs(skew) < WARN_SECONDS:
        return Check(name, "ok", "This clock and that of the {whose} agree to {skew_seconds} s.", facts=facts)
    says = "The clock of the {whose} is {skew_seconds:+,} s off from this one."
    return Check(name, "bad" if abs(skew) > BAD_SECONDS else "warn", says, _SET, facts)


LOOKS = (
    Look("clock of records", _record_clock, inside=True),
    Look("clock of files", _file_clock),
    Look("clock of the server", _server_clock),
    Look("clock of AWS", _cloud_clock, inside=True),
)
