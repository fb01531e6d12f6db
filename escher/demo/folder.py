"""Where the demo keeps its files, and the lock that says whether its cloud is up.

The lock is held by the cloud's own process for as long as it lives, so neither a crash nor a reused process id can
make a dead cloud look alive.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from escher.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class CloudState:
    """A cloud that is up: its process and its address."""

    pid: int
    endpoint: str


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """`$ESCHER_DEMO_HOME`, else `~/.escher-demo`: the cloud's state, Escher's home for the demo, AWS's files."""

    root: Path

    @property
    def escher_home(self) -> Path:
        """What `ESCHER_HOME` is while one works with the demo."""
        return self.root / "escher-home"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase of the demo's store."""
        return self.root / "passphrase"

    @property
    def aws_config(self) -> Path:
        """Profiles, one an account."""
        return self.root / "aws-config"

    @property
    def aws_credentials(self) -> Path:
        """The keys that take the accounts' roles; moto accepts any."""
        return self.root / "aws-credentials"

    @property
    def log(self) -> Path:
        """What the cloud's process complained about."""
        return self.root / "cloud.log"

    @property
    def state_file(self) -> Path:
        """Written by the cloud when it is ready."""
        return self.root / "state.json"

    @property
    def lock_file(self) -> Path:
        """Locked while the cloud lives."""
        return self.root / "lock"

    def create(self) -> None:
        """Make the folder, private to the user. Raises ConfigurationError for one that holds something else."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.lock_file.exists() and any(self.root.iterdir()):
            raise ConfigurationError(
                f"{self.root} is in use for something else.", hint="Set ESCHER_DEMO_HOME to a new folder."
            )
        self.lock_file.touch()

    def take_lock(self, patience_s: float = 0) -> IO[bytes] | None:
        """Hold the lock until the returned file and all that inherited it are closed; None when another holds it."""
        deadline = time.monotonic() + patience_s
        lock = self.lock_file.open("ab")
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    lock.close()
                    return None
                time.sleep(0.02)
            else:
                return lock

    def held(self) -> bool:
        """Whether a cloud lives here: ready, or on its way up or down."""
        if not self.lock_file.exists():
            return False
        lock = self.take_lock()
        if lock is not None:
            lock.close()
        return lock is None

    def running(self) -> CloudState | None:
        """The cloud that is up and ready, if one is."""
        if not self.held() or not self.state_file.exists():
            return None
        return CloudState(**json.loads(self.state_file.read_text("utf-8")))

    def announce(self, state: CloudState) -> None:
        """Say that the cloud is ready; readers see the whole file or none."""
        draft = self.state_file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(state)), "utf-8")
        draft.replace(self.state_file)

    def clear(self) -> None:
        """Take away what an earlier cloud left; without its resources, its store would tell of things that are gone."""
        shutil.rmtree(self.escher_home, ignore_errors=True)
        for path in (self.passphrase, self.aws_config, self.aws_credentials, self.log, self.state_file):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Take away what the demo made, and the folder if nothing else is in it. Leaves a folder that is not ours."""
        if not self.lock_file.exists():
            return
        self.clear()
        self.lock_file.unlink()
        if not any(self.root.iterdir()):
            self.root.rmdir()


def write_private(path: Path, text: str) -> None:
    """Write a file that only the user can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def demo_folder(root: Path | None = None) -> DemoFolder:
    """The folder that was named, or the one of the environment, or the default."""
    named = root or os.environ.get("ESCHER_DEMO_HOME") or Path.home() / ".escher-demo"
    return DemoFolder(Path(named).expanduser().absolute())
