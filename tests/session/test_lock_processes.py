"""Locking across processes, with runs under way, and in a real kernel."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from escher.contract.plan import Plan, PlanTemplate
from escher.contract.runs import RunResult, StepStarted
from escher.contract.understanding import Selector
from escher.errors import StoreLocked
from escher.procedures.resolve import Resolution, resolve
from escher.scripts.reader import Reader
from escher.session.current import close_session, lock, open_session, unlock
from escher.session.loop import start
from escher.session.wiring import Parts
from escher.settings import Settings
from escher.store.lock import Lock
from tests.approval.conftest import ACCOUNT, LIBRARY, FakeAws, instance

WORDS = "correct horse battery staple"
HOLDING = """
import sys, time
from escher.session.current import open_session
session = open_session()
store = session._parts.store
print("open", flush=True)
while True:
    try:
        store.count("cloud_estate")
    except Exception as failure:
        print(failure.code, time.time(), flush=True)
        break
    time.sleep(0.01)
try:
    open_session()
except Exception as failure:
    print(failure.code, flush=True)
"""


def _environment(settings: Settings) -> dict[str, str]:
    own = {"ESCHER_HOME": str(settings.home), "ESCHER_PASSPHRASE_FILE": str(settings.passphrase_file)}
    return os.environ | own


def _escher(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "escher.cli", *words]
    return subprocess.run(command, env=_environment(settings), text=True, capture_output=True, check=False, timeout=60)


def test_every_process_locks_within_a_second(settings: Settings) -> None:
    """Three hold the store open; one command line locks the home; each has closed its store a second later."""
    command = [sys.executable, "-c", HOLDING]
    holders = [
        subprocess.Popen(command, env=_environment(settings), stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for one in holders:
        assert one.stdout is not None and one.stdout.readline() == "open\n"
    assert _escher(settings, "lock", "--json").returncode == 0
    locked_at = settings.store_path.with_name("lock.json").stat().st_mtime
    for one in holders:
        said = one.communicate(timeout=30)[0].split()
        assert (said[0], said[2]) == ("locked", "locked")
        assert float(said[1]) - locked_at < 1.0
    refused = _escher(settings, "estate")
    assert refused.returncode == 1 and "escher unlock" in refused.stderr
    assert _escher(settings, "unlock").returncode == 0
    assert _escher(settings, "estate").returncode == 0


@dataclass
class Running:
    """A plan whose step is under way."""

    plan: Plan
    begun: threading.Event
    result: Any


@pytest.fixture
def running(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Running]]:
    """Begins an approved run in this process's session; the script is real, only the cloud's identity is made up."""
    monkeypatch.setenv("ESCHER_HOME", str(settings.home))
    monkeypatch.setenv("ESCHER_PASSPHRASE_FILE", str(settings.passphrase_file))

    def begin() -> Running:
        session = open_session()
        parts: Parts = vars(session)["_open_parts"]
        vars(parts)["access"] = FakeAws()
        vars(parts)["look"] = lambda targets: parts.estate.snapshot().by_id
        parts.estate.upsert([instance(1)])
        parts.estate.put_account(ACCOUNT)
        plan, begun = parts.approvals.show(_plan(), [instance(1)]), threading.Event()
        session.approve(plan.plan_id, plan.digest)
        result = start(
            session.arun(plan.plan_id, lambda event: begun.set() if isinstance(event, StepStarted) else None)
        )
        return Running(plan, begun, result)

    yield begin
    close_session()


def _plan() -> Plan:
    given = Resolution(
        plan_id="plan-1", question="stop it", targets=(instance(1),), values={}, languages=("python",),
        template=PlanTemplate(playbook=LIBRARY["escher-aws-ec2-stop"], selector=Selector()),
        accounts={ACCOUNT.account_id: ACCOUNT}, now=datetime.now(UTC), valid_for=timedelta(minutes=15),
    )  # fmt: skip
    return resolve(given, Reader())


def test_a_run_under_way_goes_on_and_is_recorded(running: Callable[[], Running]) -> None:
    """Locking refuses everything at once, and closes the store when the run is in the record and in the trail."""
    under_way = running()
    assert under_way.begun.wait(60)
    session = open_session()
    assert lock() == 1
    with pytest.raises(StoreLocked):
        session.run_results()
    ended: RunResult = under_way.result.result(timeout=120)
    assert ended.status in ("completed", "failed") and ended.audit_entry
    deadline = time.monotonic() + 10
    while any(thread.name == "escher-locking" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    unlock()
    assert open_session().run_result(ended.run_id).status == ended.status


@pytest.fixture
def kernel(settings: Settings, tmp_path: Path) -> Iterator[BlockingKernelClient]:
    """A real kernel on this home, with the magics."""
    manager = KernelManager(connection_file=str(tmp_path / "kernel.json"))
    kernel_command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv = kernel_command
    manager.start_kernel(env=_environment(settings), cwd=str(tmp_path))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        _run(client, "%load_ext escher")
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: BlockingKernelClient, code: str, typed: str = "") -> str:
    """What a cell puts out and what it failed with, as text; `typed` answers what it asks."""
    said: list[str] = []

    def output(message: dict[str, Any]) -> None:
        content = message["content"]
        said.append(str(content.get("text") or content.get("data") or content.get("ename") or ""))

    def answer(message: dict[str, Any]) -> None:
        assert message["content"]["password"]
        client.input(typed)

    reply = client.execute_interactive(code, output_hook=output, stdin_hook=answer, timeout=60)
    return f"{reply['content']['status']} {reply['content'].get('ename', '')} {' '.join(said)}"


SOURCE = "from escher.session.current import open_session\nprint(repr(open_session().key_source))"
HELD = "from escher.session import current\nprint('held', current._session is not None)"


def test_magics_lock_and_unlock(kernel: BlockingKernelClient) -> None:
    """`%escher lock` closes it, every magic and call says so, `%escher unlock` brings it back."""
    assert _run(kernel, "%escher runs").startswith("ok")
    assert "_escher" in _run(kernel, "print([name for name in dir() if name == '_escher'])")
    assert _run(kernel, "%escher lock").startswith("ok")
    assert "held False" in _run(kernel, HELD)
    for code in (
        "%escher runs",
        "%escher which instances run?",
        "%%escher\nstop web-1",
        "import escher; escher.estate()",
    ):
        assert _run(kernel, code).startswith("error StoreLocked")
    assert _run(kernel, "%escher unlock").startswith("ok")
    assert _run(kernel, "%escher runs").startswith("ok")


def test_a_notebook_locks_when_another_process_does(kernel: BlockingKernelClient, settings: Settings) -> None:
    """An open view goes blank and the store is closed, though no cell runs."""
    assert _run(kernel, "%escher runs").startswith("ok")
    assert "held True" in _run(kernel, HELD)
    assert _escher(settings, "lock").returncode == 0
    time.sleep(1)
    shown = "from escher.widgets import view\nprint([one.documents() for one in list(view._LIVE)])"
    assert "held False" in _run(kernel, HELD)
    assert "Locked" in _run(kernel, shown)
    assert "StoreLocked" in _run(kernel, "%escher runs")


def test_a_notebook_asks_for_the_passphrase_unseen(kernel: BlockingKernelClient, settings: Settings) -> None:
    """Without a passphrase file the front end asks; wrong words are refused, right ones open it in this kernel."""
    _run(kernel, "import os; del os.environ['ESCHER_PASSPHRASE_FILE']")
    Lock(settings).close("by hand")
    assert _run(kernel, "%escher unlock", "wrong words").startswith("error WrongKey")
    assert _run(kernel, "%escher unlock", WORDS).startswith("ok")
    assert _run(kernel, "%escher runs").startswith("ok")
    assert "'passphrase'" in _run(kernel, SOURCE)
