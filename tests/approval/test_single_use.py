"""One approval, many processes: one run."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from escher.settings import Settings
from escher.store.vault import Store
from tests.approval.conftest import built, instance

PROCESSES = 50


def test_of_fifty_processes_exactly_one_runs(tmp_path: Path) -> None:
    """They open the store and consume at once; one gets the run, and the trail has one start and 49 refusals."""
    key = base64.b64encode(os.urandom(32)).decode()
    settings = Settings(home=tmp_path, master_key=key)
    with Store.create(settings) as store:
        house = built(store)
        plan = house.shown(instance(1))
        house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    done = subprocess.run(
        [sys.executable, "-m", "tests.approval.consumers", str(tmp_path), str(PROCESSES)],
        input=key,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert Counter(done.stdout.split()) == {"run": 1, "approval_used": PROCESSES - 1}, done.stderr
    with Store.open(settings) as store:
        types = Counter(entry.event.type for entry in built(store).ledger.entries())
    assert (types["started"], types["approval_refused"]) == (1, PROCESSES - 1)
