"""The demo cloud from outside: up, down, its state, and the environment in which `escher`, CLIs and SDKs meet it."""

from __future__ import annotations

import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from escher.contract.estate import Account
from escher.contract.ports import Progress
from escher.contract.wire import Wire
from escher.demo.blueprint.company import ACCOUNTS, REGIONS, role_arn
from escher.demo.blueprint.company import demo_accounts as blueprint_accounts
from escher.demo.folder import CloudState, DemoFolder, demo_folder, write_private
from escher.errors import ConfigurationError, EscherError, MissingDependency
from escher.settings import Settings, load_settings

READY_WITHIN_S = 90
STOPPED_WITHIN_S = 10
_KEYS = "[default]\naws_access_key_id = demo\naws_secret_access_key = demo\n"
_OVERRIDING = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class DemoAccount(Wire):
    """An AWS account of the demo; `profile` is its profile for CLIs and SDKs."""

    account_id: str
    name: str
    profile: str
    role_arn: str


class AwsDemo(Wire):
    """The demo's AWS."""

    accounts: tuple[DemoAccount, ...] = ()


class AzureDemo(Wire):
    """The demo's Azure."""

    subscriptions: tuple[str, ...] = ()


class GcpDemo(Wire):
    """The demo's GCP."""

    projects: tuple[str, ...] = ()


class DemoStatus(Wire):
    """What `escher demo status --json` prints. `endpoint` is empty and there are no accounts while it is down."""

    running: bool
    endpoint: str
    home: str
    passphrase_file: str
    aws: AwsDemo = AwsDemo()
    azure: AzureDemo = AzureDemo()
    gcp: GcpDemo = GcpDemo()


class DemoError(EscherError):
    """The demo cloud did not come up."""

    code = "demo_failed"


def up(home: Path | None = None, progress: Progress = lambda event: None) -> dict[str, Any]:
    """Bring the cloud up with an empty home for Escher, unless it is up. Its status. Raises DemoError, MissingDependency."""
    folder = demo_folder(home)
    if folder.running() is not None:
        progress(_news("The demo cloud is already up."))
        return status(home)
    _need_moto()
    folder.create()
    progress(_news("Starting the demo cloud …"))
    lock = folder.take_lock(patience_s=1)
    if lock is None:
        state = _wait_until_ready(folder)
    else:
        with lock:
            _write_files(folder, progress)
            process = _start(folder, lock)
        state = _wait_until_ready(folder, process)
    progress(_news(f"It answers at {state.endpoint}: {len(ACCOUNTS)} AWS accounts in {len(REGIONS)} regions."))
    return status(home)


def down(home: Path | None = None) -> dict[str, Any]:
    """Stop the cloud, if it is up, and remove all that the demo made. Its status then. Raises DemoError."""
    folder = demo_folder(home)
    if folder.held():
        os.kill(_wait_until_ready(folder).pid, signal.SIGTERM)
        _wait_until_stopped(folder)
    folder.remove()
    return status(home)


def status(home: Path | None = None) -> dict[str, Any]:
    """Whether the cloud is up and how to reach it: a `DemoStatus` as JSON."""
    folder = demo_folder(home)
    state = folder.running()
    accounts = [
        DemoAccount(
            account_id=account.account_id, name=account.name, profile=account.name, role_arn=account.role_arns[0]
        )
        for account in (blueprint_accounts(state.endpoint) if state else ())
    ]
    return DemoStatus(
        running=state is not None,
        endpoint=state.endpoint if state else "",
        home=str(folder.escher_home),
        passphrase_file=str(folder.passphrase),
        aws=AwsDemo(accounts=tuple(accounts)),
    ).model_dump(mode="json")


def demo_accounts(home: Path | None = None) -> list[Account]:
    """The accounts as Escher's store keeps them. Raises ConfigurationError while the cloud is down."""
    return blueprint_accounts(_running(demo_folder(home)).endpoint)


def environment(home: Path | None = None) -> dict[str, str]:
    """Variables that point `escher`, the `aws` command and SDKs at the demo. Raises ConfigurationError while it is down."""
    folder = demo_folder(home)
    return {
        "ESCHER_HOME": str(folder.escher_home),
        "ESCHER_PASSPHRASE_FILE": str(folder.passphrase),
        "AWS_ENDPOINT_URL": _running(folder).endpoint,
        "AWS_CONFIG_FILE": str(folder.aws_config),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder.aws_credentials),
        "AWS_DEFAULT_REGION": REGIONS[0],
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def settings(home: Path | None = None) -> Settings:
    """Escher's settings for the demo. Raises ConfigurationError while the cloud is down."""
    return load_settings(environment(home))


@contextmanager
def surroundings(home: Path | None = None) -> Generator[None]:
    """Give this process the demo's environment, for a while. Raises ConfigurationError while the cloud is down."""
    before = dict(os.environ)
    for name in _OVERRIDING:
        os.environ.pop(name, None)
    os.environ.update(environment(home))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def export_lines(home: Path | None = None) -> list[str]:
    """The same as shell lines. Variables that would outvote a demo profile are unset, if the caller has them set."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in environment(home).items()]
    return [*(f"unset {name}" for name in _OVERRIDING if name in os.environ), *exports]


def _running(folder: DemoFolder) -> CloudState:
    state = folder.running()
    if state is None:
        raise ConfigurationError("the demo cloud is down.", hint="Run: escher demo up")
    return state


def _news(message: str) -> dict[str, Any]:
    return {"type": "demo_progress", "message": message}


def _need_moto() -> None:
    if find_spec("moto") is None or find_spec("flask") is None:
        raise MissingDependency("the demo cloud needs moto.", hint="Run: pip install 'escher[demo,cli]'")


def _write_files(folder: DemoFolder, progress: Progress) -> None:
    """The files around the cloud. The demo never touches the user's keychain, nor the user's AWS files."""
    folder.clear()
    write_private(folder.passphrase, secrets.token_urlsafe(32))
    progress(_news(f"Its store opens with a passphrase of its own: {folder.passphrase}"))
    write_private(folder.aws_credentials, _KEYS)
    profiles = [
        f"[profile {name}]\nrole_arn = {role_arn(name)}\nsource_profile = default\nregion = {REGIONS[0]}\n"
        for name in ACCOUNTS
    ]
    write_private(folder.aws_config, "\n".join((f"[default]\nregion = {REGIONS[0]}\n", *profiles)))


def _start(folder: DemoFolder, lock: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the cloud's process; it outlives this one and holds the lock for as long as it lives."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with folder.log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "escher.demo.aws", str(folder.root)],
            env=inherited | {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )


def _wait_until_ready(folder: DemoFolder, process: subprocess.Popen[bytes] | None = None) -> CloudState:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        if (state := folder.running()) is not None:
            return state
        time.sleep(0.1)
    if process is not None:
        process.kill()
    raise DemoError("the demo cloud did not come up.", hint=f"Its last words: {_last_words(folder)}")


def _last_words(folder: DemoFolder) -> str:
    return folder.log.read_text("utf-8", errors="replace")[-600:].strip() if folder.log.exists() else "none"


def _wait_until_stopped(folder: DemoFolder) -> None:
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while folder.held():
        if time.monotonic() > deadline:
            raise DemoError("the demo cloud does not stop.", hint=f"End its process; its id is in {folder.state_file}.")
        time.sleep(0.05)
