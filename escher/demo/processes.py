"""The processes of the demo's clouds: which can be started, started side by side, waited for, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import IO

from escher.demo import lock
from escher.demo.folder import CloudFiles, CloudName, CloudState, DemoFolder
from escher.errors import EscherError

READY_WITHIN_S = 180
STOPPED_WITHIN_S = 10
TITLES: Mapping[CloudName, str] = {"aws": "AWS", "azure": "Azure", "gcp": "GCP"}
_NEEDS: Mapping[CloudName, tuple[str, ...]] = {
    "aws": ("moto", "flask", "flask_cors", "openapi_spec_validator", "pyparsing"),
    "azure": ("cryptography",),
    "gcp": ("googleapiclient", "google.auth"),
}
# No images of others; certificates are good at once, as nobody waits for the mail of a demo.
_MOTO = {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false", "MOTO_ACM_VALIDATION_WAIT": "0"}
# What would lead moto's own clients, or a cloud's, to somewhere else.
_NOT_INHERITED = ("AWS_", "AZURE_", "CLOUDSDK_", "GOOGLE_", "IDENTITY_", "MOTO_")


class DemoError(EscherError):
    """A demo cloud did not come up, or does not stop."""

    code = "demo_failed"


Started = Mapping[CloudName, "subprocess.Popen[bytes]"]


def obstacle(cloud: CloudName) -> str:
    """Why a cloud cannot be started here: a sentence. Empty when it can."""
    if find_spec(f"escher.demo.clouds.{cloud}.__main__") is None:
        return f"The demo has no {TITLES[cloud]} yet."
    missing = [name for name in _NEEDS[cloud] if not _is_there(name)]
    if missing:
        return f"{TITLES[cloud]} needs {' and '.join(missing)}: pip install 'escher[demo,cli]'"
    return ""


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # the parent of a dotted name
        return False


def start(folder: DemoFolder, clouds: Iterable[CloudName], held: IO[bytes]) -> Started:
    """Start the clouds at once. They outlive this process and hold the folder, and a lock each, while they live."""
    return {cloud: _start(folder.cloud(cloud), held) for cloud in clouds}


def _start(files: CloudFiles, held: IO[bytes]) -> subprocess.Popen[bytes]:
    own = lock.take(files.lock_file, patience_s=1)
    if own is None:
        raise DemoError(f"another {files.name} of the demo lives in {files.root}.", hint="Run: escher demo down")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    with own, files.log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"escher.demo.clouds.{files.name}", str(files.root)],
            env=inherited | _MOTO,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[held.fileno(), own.fileno()],
        )


def wait_until_ready(folder: DemoFolder, started: Started) -> dict[CloudName, CloudState]:
    """Those that became ready, waited for together; the others are ended and missing."""
    deadline = time.monotonic() + READY_WITHIN_S
    ready: dict[CloudName, CloudState] = {}
    waiting = dict(started)
    while waiting and time.monotonic() < deadline:
        for cloud, process in list(waiting.items()):
            if (state := folder.cloud(cloud).running()) is not None:
                ready[cloud] = state
            if cloud in ready or process.poll() is not None:
                del waiting[cloud]
        time.sleep(0.05 if waiting else 0)
    end(waiting)
    return ready


def end(started: Started) -> None:
    """End processes at once, and see them gone."""
    for process in started.values():
        process.kill()
        process.wait()


def wait_for_another(folder: DemoFolder) -> dict[CloudName, CloudState]:
    """The clouds that another `up` is starting, when they are ready. Raises DemoError when they do not come up."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and folder.held():
        if (states := folder.running()) is not None:
            return states
        time.sleep(0.1)
    raise DemoError("the demo cloud did not come up.", hint="Run again: escher demo up")


def last_words(files: CloudFiles) -> str:
    """The end of what a cloud's process complained about."""
    said = files.log.read_text("utf-8", errors="replace")[-600:].strip() if files.log.exists() else ""
    return said or "none"


def stop(folder: DemoFolder) -> None:
    """Ask every cloud that lives to end, and wait for it. Raises DemoError for one that does not."""
    deadline = time.monotonic() + STOPPED_WITHIN_S
    asked: set[int] = set()
    while folder.held():
        for cloud in TITLES:
            state = folder.cloud(cloud).running()
            if state is not None and state.pid not in asked:
                asked.add(state.pid)
                os.kill(state.pid, signal.SIGTERM)
        if time.monotonic() > deadline + (0 if asked else READY_WITHIN_S):
            raise DemoError(
                "the demo clouds do not stop.", hint=f"End their processes; the ids are in {folder.root}/*.json."
            )
        time.sleep(0.05)
