"""The demo clouds from outside: up, down, their state, and the environment in which `escher`, CLIs and SDKs meet them."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from escher.contract.estate import Account
from escher.contract.ports import Progress
from escher.demo import owned, processes, shell
from escher.demo.blueprint.company import ACCOUNTS, REGIONS
from escher.demo.blueprint.company import demo_accounts as aws_accounts
from escher.demo.folder import CLOUDS, CloudName, CloudState, DemoFolder, Roster, demo_folder, write_private
from escher.demo.processes import TITLES, DemoError
from escher.demo.status import AwsDemo, AzureDemo, DemoAccount, DemoStatus, GcpDemo
from escher.errors import ConfigurationError, MissingDependency
from escher.settings import Settings, load_settings

States = Mapping[CloudName, CloudState]


def up(
    home: Path | None = None, progress: Progress = lambda event: None, only: Sequence[CloudName] = ()
) -> dict[str, Any]:
    """Bring the clouds up with an empty home for Escher, unless they are up. Their status.

    `only` names those that are wanted. What cannot be started is left out with a sentence, unless nothing would be
    left or it was asked for by name: then DemoError or MissingDependency is raised.
    """
    folder = demo_folder(home)
    if folder.running() is not None:
        progress(_news("The demo cloud is already up."))
        return status(home)
    wanted = _startable(only, progress)
    folder.create()
    progress(_news("Starting the demo cloud …"))
    held = _hold(folder)
    if held is None:
        states = processes.wait_for_another(folder)
    else:
        with held:
            states = _start(folder, wanted, held, progress, strict=bool(only))
    for name, state in states.items():
        progress(_news(f"{TITLES[name]} answers at {state.endpoint}: {_size(name)}."))
    return status(home)


def down(home: Path | None = None) -> dict[str, Any]:
    """Stop the clouds that are up and remove all that the demo made. Their status then. Raises DemoError."""
    folder = demo_folder(home)
    if folder.held():
        processes.stop(folder)
    folder.remove()
    return status(home)


def status(home: Path | None = None) -> dict[str, Any]:
    """Which clouds are up and how to reach them: a `DemoStatus` as JSON."""
    folder = demo_folder(home)
    states = folder.running() or {}
    nowhere = CloudState(0, "")
    azure, gcp = states.get("azure", nowhere), states.get("gcp", nowhere)
    return DemoStatus(
        running=bool(states),
        endpoint=states.get("aws", nowhere).endpoint,
        home=str(folder.escher_home),
        passphrase_file=str(folder.passphrase),
        aws=AwsDemo(accounts=tuple(map(_described, _aws_accounts(states)))),
        azure=AzureDemo(
            subscriptions=owned.subscriptions() if "azure" in states else (),
            endpoint=azure.endpoint,
            certificate=azure.certificate,
        ),
        gcp=GcpDemo(
            projects=owned.projects() if "gcp" in states else (), endpoint=gcp.endpoint, credentials=gcp.credentials
        ),
        left_out=folder.roster().left_out,
    ).model_dump(mode="json")


def demo_accounts(home: Path | None = None) -> list[Account]:
    """The accounts as Escher's store keeps them. Raises ConfigurationError while the clouds are down."""
    states = _running(demo_folder(home))
    found = _aws_accounts(states)
    if azure := states.get("azure"):
        found += [
            Account("azure", one.account_id, one.name, endpoint_url=azure.endpoint, ca_bundle=azure.certificate)
            for one in owned.subscriptions()
        ]
    if gcp := states.get("gcp"):
        found += [Account("gcp", one.account_id, one.name, endpoint_url=gcp.endpoint) for one in owned.projects()]
    return found


def environment(home: Path | None = None) -> dict[str, str]:
    """Variables that point `escher`, the CLIs and SDKs at the demo. Raises ConfigurationError while it is down."""
    folder = demo_folder(home)
    return shell.variables(folder, _running(folder))


def settings(home: Path | None = None) -> Settings:
    """Escher's settings for the demo. Raises ConfigurationError while the clouds are down."""
    return load_settings(environment(home))


@contextmanager
def surroundings(home: Path | None = None) -> Generator[None]:
    """Give this process the demo's environment, for a while. Raises ConfigurationError while the clouds are down."""
    before = dict(os.environ)
    for name in shell.OVERRIDING:
        os.environ.pop(name, None)
    os.environ.update(environment(home))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def export_lines(home: Path | None = None) -> list[str]:
    """The same as shell lines. Variables that would outvote the demo's are unset, if the caller has them set."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in environment(home).items()]
    return [*(f"unset {name}" for name in shell.OVERRIDING if name in os.environ), *exports]


def _running(folder: DemoFolder) -> States:
    states = folder.running()
    if states is None:
        raise ConfigurationError("the demo cloud is down.", hint="Run: escher demo up")
    return states


def _news(message: str) -> dict[str, Any]:
    return {"type": "demo_progress", "message": message}


def _hold(folder: DemoFolder) -> IO[bytes] | None:
    """The folder's lock; None while another `up` is at work there. What is left of clouds of which one died is ended."""
    if folder.held() and folder.roster().started:
        processes.stop(folder)
    return folder.take_lock(patience_s=1)


def _startable(only: Sequence[CloudName], progress: Progress) -> Roster:
    """Which clouds can be started here, and why others cannot."""
    wanted: tuple[CloudName, ...] = tuple(only) or CLOUDS
    obstacles: dict[str, str] = {cloud: why for cloud in wanted if (why := processes.obstacle(cloud))}
    startable: tuple[CloudName, ...] = tuple(cloud for cloud in wanted if cloud not in obstacles)
    if not startable or (only and obstacles):
        raise MissingDependency(next(iter(obstacles.values())), hint="Run: pip install 'escher[demo,cli]'")
    for why in obstacles.values():
        progress(_news(f"Left out: {why}"))
    return Roster(startable, obstacles)


def _start(folder: DemoFolder, wanted: Roster, held: IO[bytes], progress: Progress, *, strict: bool) -> States:
    """Write the files, start all at once, and write down what came up."""
    folder.clear()
    write_private(folder.passphrase, secrets.token_urlsafe(32))
    progress(_news(f"Its store opens with a passphrase of its own: {folder.passphrase}"))
    started = processes.start(folder, wanted.started, held)
    states = processes.wait_until_ready(folder, started)
    failed: dict[str, str] = {}
    for name in wanted.started:
        if name not in states:
            words = processes.last_words(folder.cloud(name))
            failed[name] = f"{TITLES[name]} did not come up. Its last words: {words}"
    if not states or (strict and failed):
        processes.end(started)
        raise DemoError("the demo cloud did not come up.", hint=" ".join(failed.values()))
    for why in failed.values():
        progress(_news(f"Left out: {why}"))
    shell.write_files(folder, states)
    folder.keep_roster(Roster(tuple(states), wanted.left_out | failed))
    return states


def _size(name: CloudName) -> str:
    match name:
        case "aws":
            return f"{len(ACCOUNTS)} accounts in {len(REGIONS)} regions"
        case "azure":
            return f"{len(owned.subscriptions())} subscriptions"
        case "gcp":
            return f"{len(owned.projects())} projects"


def _aws_accounts(states: States) -> list[Account]:
    return aws_accounts(states["aws"].endpoint) if "aws" in states else []


def _described(account: Account) -> DemoAccount:
    return DemoAccount(
        account_id=account.account_id, name=account.name, profile=account.name, role_arn=account.role_arns[0]
    )
