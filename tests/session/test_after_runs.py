"""What can be done with a run that has ended: undo it, once; show and hand on its record. On the demo's AWS."""

from __future__ import annotations

import html
import json
import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import boto3
import nbformat
import pytest

from escher.commands.command import Invocation
from escher.commands.runs_show import show
from escher.contract.plan import Plan
from escher.contract.runs import RunResult
from escher.demo.clouds.aws.front import Front
from escher.demo.clouds.aws.server import serve
from escher.errors import InvalidInput, NotFound, NotResumable, NotUndoable, StaleApproval
from escher.session.after_runs import read_again
from escher.session.evidence import run_record
from escher.session.session import Session
from escher.session.undoing import plan_resume, plan_undo
from escher.session.wiring import Parts
from escher.store.operations import OPERATIONS
from escher.store.records import Record
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.server.case_cloud import REGION, CaseCloud
from tests.server.case_runs import plan_of
from tests.session.done_and_undone import case_parts, run

pytestmark = pytest.mark.demo
LIBRARY = {entry.playbook.metadata.playbook_id: entry for entry in load(PACKAGED_LIBRARY).entries.values()}
STOP = "escher-aws-ec2-stop"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """One session for all tests of this file."""
    with case_parts(tmp_path_factory.mktemp("undo")) as made:
        yield made


@pytest.fixture(scope="module")
def cloud() -> CaseCloud:
    """The demo's AWS, empty."""
    return CaseCloud(serve(Front()))


@pytest.fixture(scope="module")
def stopped(parts: Parts, cloud: CaseCloud) -> RunResult:
    """A run that has stopped what its case names."""
    done = run(parts, _shown(parts, cloud))
    assert done.status == "completed" and done.undoable
    return done


def _shown(parts: Parts, cloud: CaseCloud) -> Plan:
    """A plan that stops the instances of a case, which are made now."""
    entry = LIBRARY[STOP]
    case = entry.cases.cases[0]
    parts.estate.put_account(cloud.account)
    cloud.build(case)
    found = cloud.read(case)
    parts.estate.upsert(list(found.values()))
    drafted = plan_of(entry.playbook, case, "python", cloud)
    read_again(parts, drafted)
    drafted = drafted.model_copy(update={"plan_id": f"plan-{len(parts.resources())}"})
    return parts.approvals.show(drafted, [parts.resources()[found[name].resource_id] for name in case.targets])


def test_the_record_tells_everything_of_a_run(parts: Parts, stopped: RunResult) -> None:
    """Question, exact script, targets, who approved how, the trail's entries and that they hold, protections, undo."""
    plan, record = parts.approvals.plan(stopped.plan_id), run_record(parts, stopped.run_id)
    approval = parts.approvals.approval(stopped.plan_id)
    text, page = record.text(), record.html()
    wanted = [
        plan.question, plan.digest, approval.nonce, approval.signature, "at a terminal", approval.approver,
        f"escher undo {stopped.run_id}", "plan_shown", "approved", "started", "completed", *plan.steps[1].commands,
        *stopped.protections, *(one.hash for one in record.evidence.entries),
    ]  # fmt: skip
    assert [one for one in wanted if one not in text or html.escape(one) not in page] == []
    assert html.escape(plan.steps[1].script) in page and record.evidence.verification.status == "ok"
    assert len({entry.event.type for entry in record.evidence.entries}) >= 4


def test_the_page_asks_for_nothing(parts: Parts, stopped: RunResult) -> None:
    """No script, no address, no picture, and its own policy forbids them all."""
    page = run_record(parts, stopped.run_id).html()
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|img|link|iframe|object|form)\b|\bsrc=|\bhref=|@import|url\(", page)


def test_the_notebook_is_valid_and_only_reads(parts: Parts, stopped: RunResult) -> None:
    """Its only code loads the extension and shows the run; no cell can be edited, and the record is in it already."""
    document = nbformat.reads(run_record(parts, stopped.run_id).notebook(), as_version=4)
    nbformat.validate(document)
    code = [cell.source for cell in document.cells if cell.cell_type == "code"]
    assert code == ["%load_ext escher", f"%escher runs show {stopped.run_id}"]
    assert all(cell.metadata.editable is False for cell in document.cells)
    assert stopped.plan_id in document.cells[2].outputs[0].text


def test_the_command_writes_new_files_for_their_owner_alone(parts: Parts, stopped: RunResult, tmp_path: Path) -> None:
    """Page and notebook at once; what is there already is not written over."""
    files = tmp_path / "run.html", tmp_path / "run.ipynb"
    asked = Invocation(Namespace(run=stopped.run_id, html=files[0], notebook=files[1]), lambda: Session(parts))
    assert show(asked).document["written"] == [str(file) for file in files]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    with pytest.raises(InvalidInput, match="cannot write"):
        show(asked)


def test_a_plan_that_was_altered_in_the_store_is_not_undone(parts: Parts, stopped: RunResult) -> None:
    """The bytes that are run are those that were approved: others are refused, and the record says so."""
    kept = parts.store.get(OPERATIONS, f"plan:{stopped.plan_id}")
    assert kept is not None
    altered = json.loads(json.dumps(kept.body).replace("start_instances", "terminate_instances"))
    _put(parts, Record(kept.key, altered))
    with pytest.raises(StaleApproval):
        plan_undo(parts, stopped.run_id)
    assert "Doubt: " in run_record(parts, stopped.run_id).text()
    _put(parts, kept)


def test_an_undo_is_an_ordinary_plan_and_undoes_once(parts: Parts, cloud: CaseCloud, stopped: RunResult) -> None:
    """It waits for approval, gives the state back, and what it did is not undone twice, nor where it is gone."""
    plan, targets = plan_undo(parts, stopped.run_id)
    assert {target.state for target in targets} == {"stopped"} and plan.requires_approval
    assert parts.approvals.state(plan.plan_id) == "shown"
    undone = run(parts, plan)
    read_again(parts, plan)
    assert {parts.resources()[one.resource_id].state for one in targets} == {"running"}
    with pytest.raises(NotUndoable, match=f"undone already, by {undone.run_id}"):
        plan_undo(parts, stopped.run_id)
    assert f"Undone by: {undone.run_id}" in run_record(parts, stopped.run_id).text()
    ec2 = boto3.client("ec2", region_name=REGION, endpoint_url=cloud.account.endpoint_url)
    ec2.terminate_instances(InstanceIds=[target.identifier for target in targets])
    with pytest.raises(NotUndoable, match="not there any more"):
        plan_undo(parts, undone.run_id)


def test_a_run_that_was_stopped_is_resumed(parts: Parts, cloud: CaseCloud) -> None:
    """What it had not done is planned again, shown, approved and run; then nothing is left of it."""
    cut = run(parts, _shown(parts, cloud), stop_after="1.1")
    assert cut.status == "cancelled" and parts.resources()[cut.targets[0]].state == "running"
    plan, _ = plan_resume(parts, cut.run_id)
    assert plan.resumes == cut.run_id and parts.approvals.state(plan.plan_id) == "shown"
    rest = run(parts, plan)
    read_again(parts, plan)
    assert {parts.resources()[target].state for target in cut.targets} == {"stopped"}
    with pytest.raises(NotResumable, match=f"{rest.run_id} has done what this one left"):
        plan_resume(parts, cut.run_id)


def test_what_is_no_run_or_has_nothing_left_is_refused(parts: Parts, stopped: RunResult) -> None:
    """With the reason."""
    with pytest.raises(NotFound):
        plan_undo(parts, "run-nowhere")
    with pytest.raises(NotResumable, match="no change left"):
        plan_resume(parts, stopped.run_id)


def _put(parts: Parts, record: Record) -> None:
    with parts.store.transaction() as within:
        within.put(OPERATIONS, record)
