"""A failed run is cleared by a rule of the user's own, within a pre-approval, and the user is told. On the demo's AWS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from escher.approval.preapproval import Where
from escher.contract.alerts import RemediationSetting
from escher.contract.runs import RunResult
from escher.demo.clouds.aws.front import Front
from escher.demo.clouds.aws.server import serve
from escher.execution.engine import Engine
from escher.session.after_runs import read_again
from escher.session.own_plans import plan_own, plan_request
from escher.session.remediating import RemediationBook, remedied
from escher.session.wiring import Parts
from tests.server.case_cloud import CaseCloud
from tests.session.done_and_undone import case_parts, run
from tests.session.test_after_runs import LIBRARY, STOP

pytestmark = pytest.mark.demo
RULE = RemediationSetting(
    rule_id="stop first", name="stop first", condition="wrong_state", action=f"{STOP}@1.0.0",
    requires_approval=False, enabled=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """One session for all tests of this file."""
    with case_parts(tmp_path_factory.mktemp("remedy")) as made:
        yield made


@pytest.fixture(scope="module")
def failed(parts: Parts) -> RunResult:
    """A run that failed because its instance runs, and cannot change its type before it is stopped."""
    endpoint = serve(Front())
    # The simulator changes the type of what runs as well; EC2 answers so.
    fault = {"operation": "ModifyInstanceAttribute", "status": 400, "code": "IncorrectInstanceState"}
    httpx.post(f"{endpoint}/_demo/faults", json=fault).raise_for_status()
    cloud = CaseCloud(endpoint)
    case = LIBRARY[STOP].cases.cases[0]
    parts.estate.put_account(cloud.account)
    cloud.build(case)
    web = cloud.read(case)["web"]
    parts.estate.upsert([web])
    words = ["ec2", "modify-instance-attribute", "--instance-id", web.identifier, "--instance-type", "Value=m5.large"]
    command = {"type": "exec", "program": "aws", "args": words}
    asked = plan_request({"description": "Make it larger", "commands": [{"command": command}]})
    read_again(parts, plan_own(parts, asked)[0])
    result = run(parts, plan_own(parts, asked)[0])
    assert result.status == "failed", result.summary
    return result


def _run(parts: Parts, plan_id: str) -> RunResult:
    engine = Engine(parts.store, parts.ledger, parts.approvals, parts.access, parts.accounts)
    return asyncio.run(engine.run(plan_id, lambda event: None))


def _remedied(parts: Parts, failed: RunResult) -> RunResult:
    return remedied(parts, failed, lambda plan_id: _run(parts, plan_id))


def test_nothing_is_done_by_itself_unless_it_is_wanted(parts: Parts, failed: RunResult) -> None:
    """With a rule that fits and the switch off, the failed run stays as it is."""
    RemediationBook(parts).add(RULE, 1)
    assert _remedied(parts, failed) == failed


def test_a_rule_without_a_pre_approval_does_nothing(parts: Parts, failed: RunResult) -> None:
    """A rule alone is no consent: nothing ran, and that is said."""
    RemediationBook(parts).switch(on=True, at=2)
    before = len(parts.operations.list_runs())
    assert "no pre-approval covers its plan" in _remedied(parts, failed).remediation
    assert len(parts.operations.list_runs()) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"condition": "quota"}, ""),
        ({"condition": "wrong_state: words that nobody printed"}, ""),
        ({"action": "escher-aws-ec2-delete-images@1.0.0", "max_impact": "high"}, "nothing that failed"),
        ({"action": "escher-aws-ec2-resize@1.0.0", "max_impact": "high"}, "a value that nobody gave"),
        ({"action": "escher-aws-ec2-reboot@1.0.0"}, "its risk here is medium"),
        ({"action": "escher-aws-ec2-nothing@1.0.0"}, "not used"),
    ],
)
def test_a_rule_that_does_not_fit_is_not_used(
    parts: Parts, failed: RunResult, change: dict[str, str], said: str
) -> None:
    """Neither for another failure, nor beyond its impact, nor a playbook that is not there or not for this."""
    book, before = RemediationBook(parts), len(parts.operations.list_runs())
    book.switch(on=True, at=3)
    book.add(RULE.model_copy(update=change), 3)
    told = _remedied(parts, failed).remediation
    assert said in told and bool(said) == bool(told)
    assert len(parts.operations.list_runs()) == before


def test_a_covered_rule_clears_the_failure_and_tells(parts: Parts, failed: RunResult) -> None:
    """The instance is stopped by itself; the rest, which nothing covers, waits; trail and record say what was done."""
    book = RemediationBook(parts)
    book.switch(on=True, at=4)
    book.add(RULE.model_copy(update={"max_impact": "medium"}), 4)
    parts.approvals.preapproved.give(
        LIBRARY[STOP].playbook, pins={}, where=Where(tags={"env": "dev"}), at_most=5, max_risk="medium",
        until=datetime.now(UTC) + timedelta(days=1), typed=STOP,
    )  # fmt: skip
    told = _remedied(parts, failed).remediation
    assert "stop first was done by itself" in told and "the rest waits for you: escher approve" in told
    assert parts.operations.list_runs()[0].status == "completed"
    assert parts.operations.get_run(failed.run_id).remediation == told
    assert [entry.event.type for entry in parts.ledger.entries()].count("remediated") >= 1
