"""Look at everything, all at once, each look bounded in time: a home that cannot be used is a finding, never a failure."""

from __future__ import annotations

import importlib
import os
import pkgutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from escher.errors import ConfigurationError, EscherError, StoreError
from escher.session.doctor import areas
from escher.session.doctor.bounded import Bounded, TookTooLong
from escher.session.doctor.check import Check, Look, Patient, failed
from escher.session.wiring import Parts, assemble
from escher.settings import Settings, load_settings

OPENING_SECONDS = 12.0
CLOSING_SECONDS = 5.0
_LATE = "A keychain that hangs keeps the store from opening, and so does another process that is writing to it."


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, area by area."""

    settings: Settings
    checks: tuple[Check, ...]

    def document(self) -> dict[str, Any]:
        """`{home, store, checks}` for the person at this machine."""
        return {
            "home": str(self.settings.home),
            "store": str(self.settings.store_path),
            "checks": [check.document() for check in self.checks],
        }


def examine(settings: Settings | None = None, *, deep: bool = False) -> Examination:
    """Look at everything. Never raises for what it finds; settings that cannot be read are a finding too."""
    settings, problem = (settings, None) if settings else _settings()
    opening = Bounded("opening the store", lambda: _open(settings), OPENING_SECONDS, _LATE)
    patient = Patient(settings, opening, deep)
    looking = [(look, _begun(look, patient)) for look in looks()]
    checks = [problem, *(_ended(look, begun) for look, begun in looking)]
    _close(opening)
    return Examination(settings, tuple(check for check in checks if check is not None))


def _settings() -> tuple[Settings, Check | None]:
    """The settings of this process; when they cannot be read, those of an empty file, and what is wrong with them."""
    try:
        return load_settings(), None
    except ConfigurationError as failure:
        home = Path(os.environ.get("ESCHER_HOME") or Path.home() / ".escher").expanduser().absolute()
        return Settings(home=home), failed("settings", failure)


def _open(settings: Settings) -> Parts:
    try:
        return assemble(settings)
    except OSError as cause:
        raise StoreError(f"the home cannot be read: {cause.strerror}.", hint="Check who owns it.") from cause


@cache
def looks() -> tuple[Look, ...]:
    """Every declared look, found by walking the folder of areas."""
    modules = (
        importlib.import_module(f"{areas.__name__}.{found.name}") for found in pkgutil.iter_modules(areas.__path__)
    )
    return tuple(look for module in modules for look in module.LOOKS)


def _begun(look: Look, patient: Patient) -> Bounded[Check | None]:
    seconds = look.seconds + (OPENING_SECONDS if look.inside else 0)
    return Bounded(f"the check of {look.name}", _taken(look, patient), seconds, look.when_late)


def _taken(look: Look, patient: Patient) -> Any:
    def take() -> Check | None:
        if look.inside and _unopened(patient):
            return None
        try:
            return look.at(patient)
        except EscherError as failure:
            return failed(look.name, failure)
        except OSError as cause:
            return failed(look.name, StoreError(f"{look.name} cannot be looked at: {cause.strerror or cause}."))

    return take


def _unopened(patient: Patient) -> bool:
    try:
        patient.opening.result()
    except EscherError:
        return True
    return False


def _ended(look: Look, begun: Bounded[Check | None]) -> Check | None:
    try:
        found = begun.result()
    except TookTooLong as failure:
        found = failed(look.name, failure)
    return found and replace(found, seconds=begun.seconds)


def _close(opening: Bounded[Parts]) -> None:
    """Closing writes the anchor, and so can hang on the keychain as well."""
    try:
        Bounded("closing the store", opening.result().close, CLOSING_SECONDS).result()
    except EscherError:
        # What kept it from opening or closing is among the checks.
        return
