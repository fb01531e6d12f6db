"""Put up what stands around a step, and take it down after it: sandbox or keeper, the proxy, the generated home."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

from escher.approval.tools import Tool
from escher.contract.plan import Call, Step
from escher.errors import MissingDependency, RunFailed
from escher.execution.sandbox import bubblewrap
from escher.execution.sandbox.addresses import Address
from escher.execution.sandbox.control import SOCKET, Control, keeper_file
from escher.execution.sandbox.endpoints import endpoints
from escher.execution.sandbox.identity import ManagedIdentity
from escher.execution.sandbox.level import Level, Protection, protection
from escher.execution.sandbox.programs import folders
from escher.execution.sandbox.proxy import Notes, Proxy
from escher.execution.surroundings import Place, command, environment, files
from escher.vectors.private_folder import memory_root, private_part

PORT = 8118
"""Where the proxy answers on a sandbox's own loopback; nobody else is in that network."""
_ROOM = 1 << 20
_CERTIFICATES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", "HTTPLIB2_CA_CERTS")


@dataclass(frozen=True, slots=True)
class Launch:
    """What `run_process` starts, and with which protections. `stop` asks for the end of every process of the step."""

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    level: Level
    protections: tuple[str, ...]
    stop: Callable[[], bool] = field(repr=False)


def _silent(note: str) -> None:
    """Notes that nobody wants."""


@asynccontextmanager
async def launched(
    step: Step,
    call: Call,
    tools: Sequence[Tool],
    credentials: Mapping[str, str],
    *,
    notes: Notes = _silent,
    using: Protection | None = None,
) -> AsyncGenerator[Launch]:
    """Surround one call of a step for as long as the block lasts. Raises RunFailed, MissingDependency.

    `notes` is told, a line each, what the proxy refuses. `using` is another protection than this machine's best.
    """
    _must_know_proxies(step, call)
    chosen = _of_the_approval(using or protection(), tools)
    allowed = endpoints(step.provider, step.region, call)
    shown = (*folders([tool.path for tool in tools]), *_certificates(call, credentials))
    with _private_folder() as folder, closing(Control(folder)) as control:
        place, listener = _place(chosen, folder)
        identity = ManagedIdentity(credentials, call.environment.get("AZURE_RESOURCE_MANAGER_URL", ""), place.secret)
        proxy = Proxy(allowed, call.environment.get("HTTPS_PROXY", ""), identity, notes)
        generated = bubblewrap.FILES if chosen.level == "bubblewrap" else {}
        written = {**generated, **files(step.provider, call, credentials, place.home)}
        put_up = asyncio.create_task(_serve(control, proxy, listener, written))
        try:
            yield Launch(
                argv=tuple(_argv(chosen, folder, place, command(call, tools), shown)),
                environment=environment(step.provider, call, credentials, place, tools),
                folder=folder,
                level=chosen.level,
                protections=protections(chosen, allowed, credentials),
                stop=control.stop,
            )
        finally:
            control.close()
            put_up.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await put_up
            await proxy.close()
            if listener is not None:
                listener.close()


def _must_know_proxies(step: Step, call: Call) -> None:
    """Google's client for Python takes its proxy from another package. Raises MissingDependency without it."""
    if step.provider == "gcp" and call.language == "python" and find_spec("socks") is None:
        raise MissingDependency(
            "PySocks is missing; without it Google's client for Python reaches nothing.", hint="pip install PySocks"
        )


def _of_the_approval(chosen: Protection, tools: Sequence[Tool]) -> Protection:
    """The same with the very program that was approved, where the approval names one."""
    approved = next((tool.path for tool in tools if tool.name == "bwrap"), chosen.bwrap)
    return replace(chosen, bwrap=approved)


def protections(chosen: Protection, allowed: Sequence[Address], credentials: Mapping[str, str]) -> tuple[str, ...]:
    """What protects this step, in sentences; also what does not."""
    reach = ", ".join(map(str, allowed)) or "nothing"
    note = getattr(credentials, "note", "")
    narrowed = (note,) if note else ()
    if chosen.level == "bubblewrap":
        return (
            "Sandbox: own processes, files, users and network; nothing of your home is in it.",
            f"Network: only {reach}.",
            "Command-line tools: generated configuration; credentials of this one account.",
            *narrowed,
        )
    return (
        f"No sandbox: {chosen.because}. Its processes are held together and all end with the step.",
        f"Network: not cut off; tools are led to {reach} only.",
        "Command-line tools: generated configuration; credentials of this one account.",
        *narrowed,
    )


@contextmanager
def _private_folder() -> Generator[Path]:
    """A folder in memory where there is a file system for that, else among the temporary files; 0700."""
    root = memory_root(_ROOM)
    folder = private_part(root, "step") if root else Path(tempfile.mkdtemp(prefix="escher-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(chosen: Protection, folder: Path) -> tuple[Place, socket.socket | None]:
    secret = secrets.token_hex(16)
    if chosen.level == "bubblewrap":
        return Place(bubblewrap.HOME, "/tmp", PORT, secret), None  # noqa: S108 the sandbox's own
    home = folder / "home"
    home.mkdir(mode=0o700)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    return Place(str(home), str(home), listener.getsockname()[1], secret), listener


async def _serve(control: Control, proxy: Proxy, listener: socket.socket | None, written: Mapping[str, str]) -> None:
    """Meet the keeper, answer on its network, and let it start the program."""
    answering = await control.meet() or listener
    if answering is not None:
        await proxy.serve(answering)
    await control.send_files(written)


def _argv(chosen: Protection, folder: Path, place: Place, program: Sequence[str], shown: Sequence[str]) -> list[str]:
    """The keeper around the program, and the sandbox around both. The environment's values are in neither."""
    inside = chosen.level == "bubblewrap"
    control = bubblewrap.CONTROL if inside else str(folder)
    keeper = f"{control}/keeper.py" if inside else keeper_file()
    where, port = ("inside", place.port) if inside else ("outside", 0)
    argv = [sys.executable, "-I", "-S", keeper, where, f"{control}/{SOCKET}", place.home, str(port), *program]
    if not inside:
        return argv
    shutil.copyfile(keeper_file(), folder / "keeper.py")
    return bubblewrap.arguments(bubblewrap.Box(chosen.bwrap, tuple(shown), str(folder), chosen.extra), argv)


def _certificates(call: Call, credentials: Mapping[str, str]) -> tuple[str, ...]:
    """The bundles that the account names. Raises RunFailed for a file that is none: it would be shown in the sandbox."""
    both = {**credentials, **call.environment}
    named = dict.fromkeys(both[name] for name in _CERTIFICATES if both.get(name))
    for path in named:
        content = Path(path).read_bytes() if Path(path).is_file() else b""
        if b"-----BEGIN CERTIFICATE-----" not in content or b"PRIVATE KEY" in content:
            raise RunFailed(f"{path} is no bundle of certificates.", hint="Correct the account's ca_bundle.")
    return tuple(named)
