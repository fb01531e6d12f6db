"""The supervisor and its journals beside the rest of a home: locking, another master key, purging, age."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from escher.execution.supervisor.place import Place
from escher.session.purge.everything import EverythingPurge
from escher.store.lock import Lock
from tests.execution.supervised import Home, acting, home, line_of
from tests.execution.test_supervisor import Held
from tests.execution.world import Cloud, served


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Home]:
    """A home of this test's own."""
    with home(tmp_path / "home") as made:
        yield made


def _done(mine: Home) -> str:
    """The id of a run that completed."""
    with served(Cloud()) as endpoint:
        run_id = mine.runs.start(mine.granted(acting(0, "one", endpoint=endpoint)).plan_id)
        assert mine.runs.wait_for(run_id).status == "completed"
    return run_id


def test_a_locked_home_has_no_supervisor(mine: Home) -> None:
    """It ends within moments, although somebody is connected, and its keys with it."""
    process = psutil.Process(mine.pid())
    mine.runs.warm_up()
    Lock(mine.parts.settings).close("by hand")
    process.wait(10)
    assert not Place.of(mine.parts.settings).is_owned


def test_the_supervisor_keeps_no_key_where_others_could_read_it(mine: Home) -> None:
    """Neither in its command line nor in its environment."""
    process, key = psutil.Process(mine.pid()), mine.parts.settings.master_key
    assert process.environ() and key not in " ".join((*process.cmdline(), *process.environ().values()))
    assert process.ppid() != os.getpid() and os.getsid(process.pid) != os.getsid(0)


def test_purging_everything_ends_it_and_takes_the_journals(mine: Home) -> None:
    """A supervisor that only waits keeps nobody from it."""
    run_id = _done(mine)
    journal = mine.parts.settings.store_path.parent / "runs" / f"{run_id}.journal"
    assert journal.exists()
    process = psutil.Process(mine.pid())
    mine.runs.leave()
    mine.parts.store.close()
    rest = EverythingPurge(mine.parts.settings).run(lambda proof: None)
    assert rest["left"] == [] and not journal.exists() and not mine.parts.settings.home.exists()
    process.wait(10)


def test_old_and_orphaned_journals_go_with_age(mine: Home) -> None:
    """One of a run that is known stays as long as conversations do; one of no run goes soon, a new one is left."""
    run_id = _done(mine)
    folder, day = mine.parts.settings.store_path.parent / "runs", 86_400
    for name, age in (("run-orphan", 3_600), ("run-new", 5)):
        (folder / f"{name}.journal").write_bytes(b"")
        os.utime(folder / f"{name}.journal", times=(time.time() - age,) * 2)
    assert mine.runs.forget_old(int(time.time())) == 1
    assert sorted(path.stem for path in folder.iterdir()) == sorted([run_id, "run-new"])
    assert mine.runs.forget_old(int(time.time()) + 91 * day) == 2
    assert mine.runs.result(run_id).status == "completed"


def test_other_surroundings_get_another_supervisor(mine: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reaches the clouds by other variables is not served by one that has the old ones, unless that is at work."""
    first = mine.pid()
    assert mine.pid() == first
    monkeypatch.setenv("AWS_PROFILE", "another")
    second = mine.pid()
    assert second != first
    cloud = Held()
    with served(cloud) as endpoint:
        run_id = mine.runs.start(mine.granted(acting(0, "slow", endpoint=endpoint)).plan_id)
        monkeypatch.setenv("AWS_PROFILE", "a third")
        assert mine.pid() == second
        cloud.open.set()
        assert mine.runs.wait_for(run_id).status == "completed"


def test_two_that_want_a_supervisor_at_once_get_the_same(mine: Home) -> None:
    """Whoever comes second connects to the first one's."""
    first, second = line_of(mine.parts), line_of(mine.parts)
    first.warm_up()
    assert first.ask("hello") == second.ask("hello")
    first.close()
    second.close()
