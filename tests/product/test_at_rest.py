"""What a person's day leaves on the disk: a kernel that shows, searches, asks and backs up, and its notebook and history."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from escher.contract.estate import Account, Resource, Scope
from escher.session.session import Session
from escher.session.wiring import create
from escher.settings import Settings
from escher.store.estate import ScopeResult
from tests.store.canaries import Canaries, Detector
from tests.store.filling import fill_views

ACCOUNT = "415263748596"
CANARIES = [f"zebrafinch-{number:02d}-quokka" for number in range(50)]
MEMORY = Path("/dev/shm")
# The words are read from the store; none is typed.
CELLS = (
    "%load_ext escher",
    "import escher, os\nframe = escher.estate()\nframe",
    "names = [name for name in frame['name'] if len(name) > 12]\nlen(names)",
    "escher.search(names[3])",
    "%escher estate",
    "get_ipython().run_line_magic('escher', f'who owns {names[1]}?')\nreply = _escher.reply",
    "get_ipython().run_line_magic('escher', f'stop {names[2]}')\nreply = _escher.reply",
    "get_ipython().run_cell_magic('escher', '', f'show {names[4]}')\nreply = _escher.reply",
    "%escher stats",
    "%escher backup",
    "escher.audit.verify().status",
    "os.getpid()",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home and passphrase in the test's own folder."""
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery staple")
    secret.chmod(0o600)
    return Settings(home=tmp_path / "escher", passphrase_file=secret)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session on an estate of 50 resources that bear the canaries."""
    with Session(create(settings)) as made:
        made.accounts.keep(Account(provider="aws", account_id=ACCOUNT, name=CANARIES[0]))
        scope = Scope("aws", ACCOUNT, "us-east-1", "aws_ec2_instance", "complete", len(CANARIES), 1)
        made._parts.estate.apply([ScopeResult(scope, [_instance(number) for number in range(50)])])
        made._parts.index.embed_pending()
        yield made


def test_no_canary_and_no_vector_is_readable_under_the_home(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    """After embedding, orders, questions and plans on all of them: 0 hits in every file, and none in the log."""
    caplog.set_level(logging.DEBUG)
    for number in (1, 7, 23):
        assert session.ask(f"stop {CANARIES[number]}").plan is not None
        session.ask(f"who owns {CANARIES[number]}?")
    vectors = session._parts.estate.snapshot().vectors.values()
    assert len(vectors) == len(CANARIES)
    detector = Detector([*CANARIES, ACCOUNT], vectors)
    assert detector.hits_under(session.settings.home) == {}
    assert detector.hits(caplog.text.encode()) == set()


@pytest.mark.campaign
@pytest.mark.parametrize("end", ["killed", "closed"])
def test_a_day_in_a_notebook_leaves_nothing(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Home, temporary folders, Jupyter's and IPython's files, the saved notebook: 0 hits; and in memory none after the end."""
    canaries = Canaries()
    with Session(create(settings)) as session:
        fill_views(session._parts.store, canaries)
    detector = Detector(canaries.words, canaries.vectors)
    assert len(canaries.words) >= 200
    before = {*MEMORY.iterdir()}
    _live_in(tmp_path, settings, monkeypatch)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(notebook, timeout=90, kernel_name="python3", ipython_hist_file="")
    with client.setup_kernel(cwd=str(tmp_path)):
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
        pid = int(notebook.cells[-1].outputs[0]["data"]["text/plain"])
        assert detector.hits_under(*_memory_of(pid)), "the index is not where it is looked for"
        nbformat.write(notebook, tmp_path / "day.ipynb")
        assert detector.hits_under(tmp_path) == {}
        if end == "killed":
            os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    assert detector.hits_under(tmp_path, *_new_in_memory(before)) == {}
    assert _memory_of(pid) == []
    _check_that_it_happened(tmp_path, settings, notebook)


def _live_in(home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that this process and its kernels keep of their own goes below `home`."""
    for name in [name for name in os.environ if name.startswith(("JUPYTER", "IPYTHON", "XDG_"))]:
        monkeypatch.delenv(name)
    for name, folder in (("HOME", "."), ("TMPDIR", "tmp"), ("XDG_RUNTIME_DIR", "runtime")):
        (home / folder).mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("ESCHER_HOME", str(settings.home))
    monkeypatch.setenv("ESCHER_PASSPHRASE_FILE", str(settings.passphrase_file))


def _check_that_it_happened(home: Path, settings: Settings, notebook: nbformat.NotebookNode) -> None:
    """Every cell did its work, IPython kept its history on the disk, and there is a backup."""
    shown = "".join(str(cell.outputs) for cell in notebook.cells)
    assert "'ok'" in shown and "error" not in {output.output_type for cell in notebook.cells for output in cell.outputs}
    with closing(sqlite3.connect(home / ".ipython" / "profile_default" / "history.sqlite")) as history:
        typed = {source for (source,) in history.execute("SELECT source_raw FROM history")}
    assert set(CELLS[:-1]) <= typed
    assert [*settings.snapshots.iterdir()]


def _memory_of(pid: int) -> list[Path]:
    return [*MEMORY.glob(f"escher-*-{pid}-*")]


def _new_in_memory(before: set[Path]) -> list[Path]:
    """What came into the memory file system meanwhile, but for the indexes of other tests' processes."""
    return [path for path in MEMORY.iterdir() if path not in before and not path.name.startswith("escher-")]


def _instance(number: int) -> Resource:
    identifier = f"i-0a41c8e2d3f4a5b{number:02d}"
    return Resource(
        provider="aws",
        account_id=ACCOUNT,
        region="us-east-1",
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/{identifier}",
        identifier=identifier,
        name=CANARIES[number],
        state="running",
        tags={"Name": CANARIES[number], "owner": CANARIES[-number], "env": "dev"},
    )
