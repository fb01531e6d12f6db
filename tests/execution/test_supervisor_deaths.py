"""Who dies at which moment of a run: one record of its end each, nothing done twice, and no process left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from escher.contract.plan import Plan
from escher.contract.runs import RunResult
from escher.errors import ApprovalUsed
from tests.campaigns import FULL
from tests.execution.supervised import PROGRAM, ROOT, Home, acting, home, processes_with
from tests.execution.world import Cloud, served

POINTS = 20
STEPS, PATHS = 4, 5
TRIED = range(POINTS) if FULL else (3, 17)


class Deadly(Cloud):
    """A cloud that does something before it answers the n-th request, and then answers that one late or never."""

    def __init__(self, point: int, deed: Callable[[], object]) -> None:
        super().__init__()
        self._point, self._deed, self._count = point, deed, 0
        self.done_it = threading.Event()

    def ask(self, path: str) -> str:
        number, self._count = self._count, self._count + 1
        said = super().ask(path)
        if number == self._point:
            self._deed()
            self.done_it.set()
        return said


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home in which supervisors and clients die."""
    with home(tmp_path_factory.mktemp("deaths") / "home") as made:
        yield made


def _plan(mine: Home, endpoint: str, mark: str) -> Plan:
    """Four steps that ask for five things each; the mark is in the command line of each step's process."""
    paths = [[f"{mark}-{step}-{number}" for number in range(PATHS)] for step in range(STEPS)]
    steps = [acting(step, *named, endpoint=endpoint) for step, named in enumerate(paths)]
    return mine.granted(*steps)


def _client(mine: Home, plan: Plan) -> subprocess.Popen[str]:
    settings = mine.parts.settings
    client = subprocess.Popen(
        [sys.executable, "-m", PROGRAM, "client", str(settings.home), plan.plan_id],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    assert client.stdin is not None
    client.stdin.write(settings.master_key + "\n")
    client.stdin.close()
    return client


def _told(mine: Home, run_id: str) -> list[str]:
    """The audit trail's words about a run's end."""
    return [entry.event.type for entry in mine.parts.ledger.entries() if entry.event.subject == run_id]


def _gone(mark: str) -> bool:
    """Whether no process of a run is left, now or a little later."""
    deadline = time.monotonic() + 10
    while processes_with(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes_with(mark)


@pytest.mark.campaign
@pytest.mark.parametrize("point", TRIED)
def test_a_kernel_that_is_killed_changes_nothing_for_the_run(mine: Home, point: int) -> None:
    """It runs to its end, once; another notebook finds it by its id and sees all of it."""
    mark, killed = f"kernel-{uuid.uuid4().hex}", list[int]()
    cloud = Deadly(point, lambda: [os.killpg(one, signal.SIGKILL) for one in killed])
    with served(cloud) as endpoint:
        mine.pid()
        plan = _plan(mine, endpoint, mark)
        client = _client(mine, plan)
        killed.append(client.pid)
        assert cloud.done_it.wait(60)
        assert client.wait(30) == -signal.SIGKILL and client.stdout is not None
        run_id = client.stdout.readline().strip() or mine.runs.results()[0].run_id
        client.stdout.close()
        [*_, result] = mine.runs.follow(run_id)
    assert isinstance(result, RunResult) and result.status == "completed"
    assert set(cloud.asked.values()) == {1} and len(cloud.asked) == STEPS * PATHS
    assert _told(mine, run_id) == ["completed"]
    assert _gone(mark)


@pytest.mark.campaign
@pytest.mark.parametrize("point", TRIED)
def test_a_run_whose_supervisor_is_killed_is_interrupted_and_never_repeated(mine: Home, point: int) -> None:
    """One record, one entry in the trail, every process of it ended; the approval stays used."""
    mark, pid = f"supervisor-{uuid.uuid4().hex}", mine.pid()
    cloud = Deadly(point, lambda: os.kill(pid, signal.SIGKILL))
    with served(cloud) as endpoint:
        plan = _plan(mine, endpoint, mark)
        run_id = mine.runs.start(plan.plan_id)
        [*_, result] = mine.runs.follow(run_id)
        assert isinstance(result, RunResult) and result.status == "interrupted"
        assert _gone(mark)
        before = cloud.asked.copy()
        assert mine.pid() != pid
        with pytest.raises(ApprovalUsed):
            mine.runs.start(plan.plan_id)
        assert cloud.asked == before
    assert set(cloud.asked.values()) == {1} and len(cloud.asked) >= point + 1
    assert _told(mine, run_id) == ["interrupted"]
    kept = mine.runs.result(run_id)
    assert "Found afterwards: 4 of 4 are in the state they were in" in kept.summary


def test_a_new_supervisor_settles_what_the_last_one_left(mine: Home) -> None:
    """Nobody followed; the next one writes the end, and who then asks finds it."""
    mark, pid = f"left-{uuid.uuid4().hex}", mine.pid()
    cloud = Deadly(2, lambda: os.kill(pid, signal.SIGKILL))
    with served(cloud) as endpoint:
        run_id = mine.runs.start(_plan(mine, endpoint, mark).plan_id)
        assert cloud.done_it.wait(60)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
        assert mine.pid() != pid
    assert mine.parts.operations.get_run(run_id).status == "interrupted"
    assert _told(mine, run_id) == ["interrupted"]
    assert _gone(mark)


def test_told_to_end_it_stops_and_records_what_runs(mine: Home) -> None:
    """SIGTERM, as at the machine's shutdown: cancelled, not interrupted."""
    mark, pid = f"told-{uuid.uuid4().hex}", mine.pid()
    cloud = Deadly(3, lambda: os.kill(pid, signal.SIGTERM))
    with served(cloud) as endpoint:
        run_id = mine.runs.start(_plan(mine, endpoint, mark).plan_id)
        [*_, result] = mine.runs.follow(run_id)
    assert isinstance(result, RunResult) and result.status == "cancelled"
    assert _told(mine, run_id) == ["cancelled"]
    assert _gone(mark)


# Each leaves a process in its own way: a session of its own, twice forked, deaf to TERM.
CLINGING = """
import os, signal, subprocess, sys, time, urllib.request
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sleep = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
subprocess.Popen([sys.executable, "-c", sleep, sys.argv[1]], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", sleep, sys.argv[1]])
    os._exit(0)
time.sleep(1)
urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/" + sys.argv[1]).read()
time.sleep(300)
"""


def test_cancelling_leaves_no_descendant(mine: Home) -> None:
    """Neither one in a session of its own, nor one that was forked twice, nor one that is deaf to TERM."""
    mark, cloud = f"clinging-{uuid.uuid4().hex}", Cloud()
    asked = threading.Event()
    cloud.against = lambda path, number: asked.set() or ""
    with served(cloud) as endpoint:
        plan = mine.granted(acting(0, mark, endpoint=endpoint, script=CLINGING))
        run_id = mine.runs.start(plan.plan_id)
        assert asked.wait(60)
        assert len(processes_with(mark)) >= 3
        assert mine.runs.cancel(run_id)
        assert mine.runs.wait_for(run_id).status == "cancelled"
        assert processes_with(mark) == []


def test_journals_are_ciphertext_and_damage_shows(mine: Home, tmp_path: Path) -> None:
    """What was printed is in no file in clear; an altered, a cut and an exchanged journal are each refused."""
    from escher.errors import JournalUnreadable

    mark = f"journal-{uuid.uuid4().hex}"
    with served(Cloud()) as endpoint:
        run_ids = [mine.runs.start(_plan(mine, endpoint, mark).plan_id) for _ in range(1)]
        [mine.runs.wait_for(run_id) for run_id in run_ids]
        other = mine.runs.start(_plan(mine, endpoint, mark).plan_id)
        mine.runs.wait_for(other)
    path = mine.parts.settings.store_path.parent / "runs" / f"{run_ids[0]}.journal"
    whole = path.read_bytes()
    assert mark.encode() not in whole and b"execution" not in whole
    second = path.with_name(f"{other}.journal").read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    first_frame = 4 + int.from_bytes(whole[:4], "big")
    for damaged in (bytes(flipped), whole[:first_frame], whole[first_frame:], second):
        path.write_bytes(damaged)
        with pytest.raises(JournalUnreadable):
            list(mine.runs.follow(run_ids[0]))
    path.write_bytes(whole)
    assert [event.type for event in mine.runs.follow(run_ids[0])][-1] == "result"
