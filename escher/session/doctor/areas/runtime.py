"""Python, and the notebook's own parts."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from escher.session.doctor.check import Check, Fact, Look, Patient

OLDEST_PYTHON = (3, 11)
# Older JupyterLabs trust pasted HTML; older kernels queue clicks behind a busy cell.
OLDEST = {"jupyterlab": (4, 6, 4), "ipykernel": (7,)}


def _python(_: Patient) -> Check:
    facts: dict[str, Fact] = {"version": platform.python_version(), "machine": platform.machine()}
    if sys.version_info < OLDEST_PYTHON:
        return Check("python", "bad", "Python {version} is too old.", "Use Python 3.11 or newer.", facts)
    return Check("python", "ok", "Python {version} on {machine}.", facts=facts)


def _jupyter(_: Patient) -> Check:
    found: dict[str, Fact] = {name: installed for name in OLDEST if (installed := installed_version(name))}
    old = [name for name, installed in found.items() if _numbers(str(installed)) < OLDEST[name]]
    says = ", ".join(f"{name} {{{name}}}" for name in found) or "No notebook is installed beside Escher"
    if old:
        return Check("jupyter", "warn", f"{says}; too old: {', '.join(old)}.", f"pip install -U {' '.join(old)}", found)
    return Check("jupyter", "ok", f"{says}.", facts=found)


def installed_version(package: str) -> str | None:
    """The version of an installed package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


LOOKS = (Look("python", _python), Look("jupyter", _jupyter))
