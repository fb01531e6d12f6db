"""The programs that Escher uses where they are installed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

from escher.approval.grant import find_tool
from escher.session.doctor.check import Check, Look, Patient

SECONDS = 20.0
_VERSION = re.compile(rb"\d+\.\d+(?:\.\d+)*")
# What to install, and what is missed without it.
_TOOLS = {
    "aws": ("pip install 'escher[cli]'", "scripts for AWS run as Python"),
    "az": ("Install the package azure-cli.", "Azure is reached without it"),
    "gcloud": ("Install the Google Cloud CLI.", "Google Cloud is reached without it"),
    "bwrap": ("Install the package bubblewrap.", "scripts run without a sandbox of their own"),
}


def _tool(name: str) -> Callable[[Patient], Check]:
    install, without = _TOOLS[name]

    def look(_: Patient) -> Check:
        path = find_tool(name)
        if path is None:
            return Check(name, "warn", f"Not installed; {without}.", install)
        version = _version(path)
        if version is None:
            says = "{path} does not say which version it is."
            return Check(
                name, "warn", says, "Run it by hand, and install it again if it fails.", private={"path": path}
            )
        return Check(name, "ok", "{version} at {path}.", facts={"version": version}, private={"path": path})

    return look


def _version(path: str) -> str | None:
    """The first version in what `--version` prints; None when there is none in time."""
    try:
        done = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS - 2
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(done.stdout + done.stderr) if done.returncode == 0 else None
    return found and found[0].decode()


LOOKS = tuple(Look(name, _tool(name), SECONDS) for name in _TOOLS)
