"""Where the demo keeps its files, and the locks that say whether its clouds are up."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Literal, cast

from escher.demo import lock
from escher.errors import ConfigurationError

CloudName = Literal["aws", "azure", "gcp"]
CLOUDS: tuple[CloudName, ...] = ("aws", "azure", "gcp")


@dataclass(frozen=True, slots=True)
class CloudState:
    """A cloud that is up: its process and its address.

    Azure names the `certificate` that it answers with, GCP files with the `credentials` of a service account and with
    an access token of it.
    """

    pid: int
    endpoint: str
    certificate: str = ""
    credentials: str = ""
    token_file: str = ""


@dataclass(frozen=True, slots=True)
class CloudFiles:
    """The files of one cloud in the demo's folder."""

    root: Path
    name: str

    @property
    def state_file(self) -> Path:
        """Written by the cloud when it is ready."""
        return self.root / f"{self.name}.json"

    @property
    def lock_file(self) -> Path:
        """Locked while the cloud's process lives."""
        return self.root / f"{self.name}.lock"

    @property
    def log(self) -> Path:
        """What the cloud's process complained about."""
        return self.root / f"{self.name}.log"

    def held(self) -> bool:
        """Whether the cloud's process lives: ready, or on its way up or down."""
        return lock.held(self.lock_file)

    def running(self) -> CloudState | None:
        """The cloud, if it is up and ready."""
        if not self.held() or not self.state_file.exists():
            return None
        said = json.loads(self.state_file.read_text("utf-8"))
        return CloudState(
            said["pid"],
            said["endpoint"],
            said.get("certificate", ""),
            said.get("credentials", ""),
            said.get("token_file", ""),
        )

    def announce(self, state: CloudState) -> None:
        """Say that the cloud is ready; readers see the whole file or none."""
        _write_whole(self.state_file, {key: value for key, value in asdict(state).items() if value})


@dataclass(frozen=True, slots=True)
class Roster:
    """Which clouds were started, and why others were not: a sentence each."""

    started: tuple[CloudName, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """`$ESCHER_DEMO_HOME`, else `~/.escher-demo`: the clouds' states, Escher's home for the demo, CLIs' files."""

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
    def lock_file(self) -> Path:
        """Locked while any of the clouds lives."""
        return self.root / "lock"

    @property
    def roster_file(self) -> Path:
        """Which clouds `up` started."""
        return self.root / "clouds.json"

    def cloud(self, name: str) -> CloudFiles:
        """The files of the cloud of this name."""
        return CloudFiles(self.root, name)

    def create(self) -> None:
        """Make the folder, private to the user. Raises ConfigurationError for one that holds something else."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.lock_file.exists() and any(self.root.iterdir()):
            raise ConfigurationError(
                f"{self.root} is in use for something else.", hint="Set ESCHER_DEMO_HOME to a new folder."
            )
        self.lock_file.touch()

    def take_lock(self, patience_s: float = 0) -> IO[bytes] | None:
        """Hold the folder until the returned file and all that inherited it are closed; None when another holds it."""
        return lock.take(self.lock_file, patience_s)

    def held(self) -> bool:
        """Whether any cloud lives here: ready, or on its way up or down."""
        return lock.held(self.lock_file)

    def roster(self) -> Roster:
        """What `up` wrote last; empty while nothing was started."""
        if not self.roster_file.exists():
            return Roster()
        said = json.loads(self.roster_file.read_text("utf-8"))
        return Roster(cast("tuple[CloudName, ...]", tuple(said["started"])), said["left_out"])

    def keep_roster(self, roster: Roster) -> None:
        """Write down which clouds are started."""
        _write_whole(self.roster_file, asdict(roster))

    def running(self) -> dict[CloudName, CloudState] | None:
        """The clouds that were started, if every one of them is up and ready."""
        started = self.roster().started
        ready: dict[CloudName, CloudState] = {}
        for name in started:
            if (state := self.cloud(name).running()) is not None:
                ready[name] = state
        return ready if ready and len(ready) == len(started) else None

    def clear(self) -> None:
        """Take away what earlier clouds left; without its resources, a store would tell of things that are gone."""
        shutil.rmtree(self.escher_home, ignore_errors=True)
        for path in (self.passphrase, self.roster_file, *self._of_clouds()):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _of_clouds(self) -> list[Path]:
        """What clouds and their CLIs keep here: by the cloud's name, and certificates."""
        return [path for pattern in (*(f"{name}*" for name in CLOUDS), "*.pem") for path in self.root.glob(pattern)]

    def remove(self) -> None:
        """Take away what the demo made, and the folder if nothing else is in it. Leaves a folder that is not ours."""
        if not self.lock_file.exists():
            return
        self.clear()
        self.lock_file.unlink()
        if not any(self.root.iterdir()):
            self.root.rmdir()


def _write_whole(path: Path, document: dict[str, Any]) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(document), "utf-8")
    draft.replace(path)


def write_private(path: Path, text: str) -> None:
    """Write a file that only the user can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def demo_folder(root: Path | None = None) -> DemoFolder:
    """The folder that was named, or the one of the environment, or the default."""
    named = root or os.environ.get("ESCHER_DEMO_HOME") or Path.home() / ".escher-demo"
    return DemoFolder(Path(named).expanduser().absolute())
