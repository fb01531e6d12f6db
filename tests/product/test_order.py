"""One order from words to proof, through the command line, on the demo cloud."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import pytest

from escher.session.wiring import assemble
from escher.settings import load_settings
from tests.product.conftest import Demo, database

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]
ORDER = "stop all dev EC2 instances in us-east-1"


@pytest.fixture(scope="module")
def fresh(make_demo: Callable[[], Demo]) -> Demo:
    """A scanned demo cloud that these tests change."""
    cloud = make_demo()
    cloud.escher("scan")
    return cloud


def test_an_order_is_planned_approved_run_once_and_proved(fresh: Demo) -> None:
    """Targets are what boto3 finds; only they are stopped, once; the trail holds, and breaks with a byte."""
    wanted = fresh.instances("us-east-1", env="dev")
    before = fresh.instances("us-east-1")
    assert len(wanted) >= 4
    assert set(wanted.values()) == {"running"}

    reply = fresh.escher("ask", ORDER)
    plan = reply["plan"]
    assert {target["identifier"] for target in reply["targets"]} == set(wanted)
    assert fresh.instances("us-east-1") == before

    assert fresh.escher("run", plan["plan_id"], code=1)[0]["error"]["code"] == "approval"
    assert fresh.escher("approve", plan["plan_id"], "--digest", "0" * 64, code=1)["error"]["code"] == "stale_approval"
    assert fresh.instances("us-east-1") == before

    assert fresh.escher("approve", plan["plan_id"], "--digest", plan["digest"])["approved"] is True
    events = fresh.escher("run", plan["plan_id"])
    assert events[-1]["type"] == "result"
    assert events[-1]["status"] == "completed"
    after = fresh.instances("us-east-1")
    assert {id_ for id_, state in after.items() if state != before[id_]} == set(wanted)
    assert {after[id_] for id_ in wanted} == {"stopped"}

    assert fresh.escher("run", plan["plan_id"], code=1)[-1]["error"]["code"] == "approval_used"
    assert fresh.escher("audit", "verify")["status"] == "ok"

    rows = fresh.escher(
        "estate", "--where", "tags['env'] = 'dev' and region = 'us-east-1' and kind = 'compute_instance'"
    )
    assert {row["state"] for row in rows} == {"stopped"}


def test_the_record_of_a_run_tells_what_was_called_on_what(fresh: Demo) -> None:
    """Who approved it, in which conversation, the calls, the targets and their states before and after."""
    plan = fresh.escher("ask", "stop every staging instance in us-west-2")["plan"]
    fresh.escher("approve", plan["plan_id"], "--digest", plan["digest"])
    fresh.escher("run", plan["plan_id"])
    program = (
        "import json; from escher.session.current import open_session;"
        "print(json.dumps(open_session()._parts.operations.query(limit=1)[0]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env=fresh.environment, text=True, capture_output=True, check=False
    )
    assert told.returncode == 0, told.stderr
    run = json.loads(told.stdout)
    assert (run["status"], run["approved"], run["provider"], run["exit_code"]) == ("completed", "user", ["aws"], 0)
    assert run["context_id"].startswith("talk-") and run["approver"] and "ec2" in run["service"]
    assert any("stop-instances" in command for command in run["commands"])
    assert run["targets"] and set(run["before"]) == set(run["after"]) == set(run["targets"])
    assert (set(run["before"].values()), set(run["after"].values())) == ({"running"}, {"stopped"})


def test_a_run_that_is_interrupted_twice_is_cancelled_and_leaves_nothing_behind(fresh: Demo) -> None:
    """The first Ctrl-C ends the waiting, the second the run; its end is in the record and in the trail."""
    plan = fresh.escher("ask", "stop every staging instance in us-east-1")["plan"]
    fresh.escher("approve", plan["plan_id"], "--digest", plan["digest"])
    words = [sys.executable, "-m", "escher.cli", "run", plan["plan_id"], "--json"]
    with subprocess.Popen(words, env=fresh.environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        while "playbook_step_start" not in running.stdout.readline():
            pass
        running.send_signal(signal.SIGINT)
        while "run_left" not in running.stdout.readline():
            pass
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 1
    last = fresh.escher("runs")[0]
    assert (last["plan_id"], last["status"]) == (plan["plan_id"], "cancelled")
    assert fresh.escher("run", plan["plan_id"], code=1)[-1]["error"]["code"] == "approval_used"
    assert fresh.escher("audit", "verify")["status"] == "ok"


def test_one_changed_byte_of_the_trail_is_found_and_named(fresh: Demo) -> None:
    """`audit verify` ends with 1 and names the entry whose record was touched."""
    with assemble(load_settings(fresh.environment)) as parts:
        keys = [record.key for record in parts.store.records("immutable_reports")]
    entry = len(fresh.escher("audit", "list", "--limit", "1000")) // 2
    with closing(sqlite3.connect(database(fresh))) as connection, connection:
        rows = connection.execute("SELECT position, sealed FROM immutable_reports ORDER BY position").fetchall()
        position, sealed = rows[keys.index(f"audit:{entry}")]
        changed = bytearray(sealed)
        changed[len(changed) // 2] ^= 1
        connection.execute("UPDATE immutable_reports SET sealed = ? WHERE position = ?", (bytes(changed), position))
    found = fresh.escher("audit", "verify", code=1)
    assert found["status"] == "tampered"
    assert found["first_bad_entry"] == entry
    assert str(entry) in found["message"]
