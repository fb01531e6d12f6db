"""The agents one by one over HTTP: plan, remediate, validate, lay out."""

from __future__ import annotations

from typing import Any, get_args

import httpx
import pytest

from escher.contract.agents import ErrorKind, FailureReport
from escher.contract.context import Count, EstateSummary
from escher_server.composer.fixes import remediate
from tests.server.conftest import context


async def test_an_order_gets_its_plan_whole_and_a_question_none(http: httpx.AsyncClient) -> None:
    """The same decision as the stream's, in one document."""
    order = (
        await http.post("/v1/operations/plan", json=context("stop every dev EC2 instance").model_dump(mode="json"))
    ).json()
    assert order["proposed"]["template"]["playbook"]["metadata"]["playbook_id"] == "escher-aws-ec2-stop"
    asked = context("how do I stop an instance?").model_dump(mode="json")
    assert (await http.post("/v1/operations/plan", json=asked)).json()["proposed"] is None


async def test_a_filled_playbook_is_validated_alone(http: httpx.AsyncClient) -> None:
    """Feasible as it comes; blocked when the policy's hint stands against it."""
    asked = context("stop every prod instance").model_dump(mode="json")
    template = (await http.post("/v1/operations/plan", json=asked)).json()["proposed"]["template"]
    verdict = (await http.post("/v1/validate", json={"context": asked, "template": template})).json()
    assert (verdict["feasible"], "This is production." in verdict["warnings"]) == (True, True)
    asked["blocked_actions"] = ["stop"]
    verdict = (await http.post("/v1/validate", json={"context": asked, "template": template})).json()
    assert verdict["feasible"] is False and verdict["blocking_issues"]


async def test_a_local_answer_is_laid_out(http: httpx.AsyncClient) -> None:
    """Types and bindings, no values."""
    understanding = (await http.post("/v1/intent", json=context("list all buckets").model_dump(mode="json"))).json()
    body = {"answer": "information", "understanding": understanding["understanding"]}
    layout = (await http.post("/v1/ui/enhance", json=body)).json()["layout"]
    assert [slot["type"] for slot in layout["components"]] == ["text", "metric", "resource_table"]


@pytest.mark.parametrize("error", get_args(ErrorKind))
def test_every_sort_of_error_has_a_fix(error: ErrorKind) -> None:
    """Retries are approved and wait longer each time; after three a person comes first; what was changed can go back."""
    once = remediate(FailureReport(playbook_id="user-x", version="1.0.0", step_number=2, error=error))
    often = remediate(
        FailureReport(playbook_id="user-x", version="1.0.0", step_number=2, error=error, attempts=3, changed=True)
    )
    assert once.fixes[0].resume != "roll_back" and often.fixes[-1].resume == "roll_back"
    if once.fixes[0].resume == "retry_step":
        assert once.fixes[0].approval_required
        assert often.fixes[0].resume == "ask_person" and often.fixes[1].wait_seconds > once.fixes[0].wait_seconds


async def test_fixes_know_the_step_that_failed(http: httpx.AsyncClient) -> None:
    """Which permission it needs; that a change went through which was only looked at; that nothing takes it back."""

    async def fixes(playbook: str, step: int, error: str, *, changed: bool = False) -> list[dict[str, Any]]:
        report = {"playbook_id": playbook, "version": "1.0.0", "step_number": step, "error": error, "changed": changed}
        return (await http.post("/v1/operations/remediate", json=report)).json()["fixes"]

    assert "ec2:StopInstances" in (await fixes("escher-aws-ec2-stop", 2, "denied"))[0]["reason"]
    assert (await fixes("escher-aws-ec2-stop", 3, "wrong_state", changed=True))[0]["resume"] == "retry_step"
    assert (await fixes("escher-aws-ec2-stop", 3, "timeout", changed=True))[-1]["resume"] == "roll_back"
    lost = (await fixes("escher-aws-eip-release-unused", 2, "timeout", changed=True))[-1]
    assert lost["resume"] == "ask_person" and "cannot be had back" in lost["reason"]


async def test_playbooks_that_may_help_are_ranked(http: httpx.AsyncClient) -> None:
    """What stood against the step is taken off by one for its type; a state by one that changes it; else there is none."""

    async def playbooks(playbook: str, error: str, *types: str) -> list[str]:
        report = {
            "playbook_id": playbook,
            "version": "1.0.0",
            "step_number": 2,
            "error": error,
            "resource_types": types,
        }
        answer = (await http.post("/v1/operations/remediate", json=report)).json()
        assert all(one["reason"] and one["source"] == "library" for one in answer["playbooks"])
        return [one["playbook_id"] for one in answer["playbooks"]]

    unprotect = "escher-aws-rds-disable-deletion-protection"
    assert await playbooks("escher-aws-rds-stop", "protected", "aws_rds_db_instance") == [unprotect]
    assert await playbooks("escher-aws-ec2-resize", "wrong_state") == ["escher-aws-ec2-stop"]
    assert await playbooks("escher-gcp-sql-resize", "wrong_state") == ["escher-gcp-sql-stop"]
    assert await playbooks("escher-aws-ec2-stop", "denied") == []
    freeing = await playbooks("escher-aws-ebs-snapshot", "quota", "aws_ebs_snapshot", "aws_ebs_volume")
    assert set(freeing) == {"escher-aws-ebs-delete-snapshots", "escher-aws-ebs-delete-unattached"}


async def test_a_draft_is_put_together_of_the_librarys_steps(http: httpx.AsyncClient) -> None:
    """As a draft, marked; without an aim, the question what it is to be for."""
    asked = context("create a cost saving playbook", summary=EstateSummary(providers=(Count(value="aws", count=5),)))
    answer = (await http.post("/v1/operations/draft", json=asked.model_dump(mode="json"))).json()
    assert (answer["draft"]["metadata"]["status"], answer["draft"]["metadata"]["author"]) == ("draft", "ai_generated")
    assert all(key.startswith("aws-") for key in answer["draft"]["scripts"])
    vague = context("create a playbook").model_dump(mode="json")
    assert (await http.post("/v1/operations/draft", json=vague)).json()["clarification"]["choices"]
