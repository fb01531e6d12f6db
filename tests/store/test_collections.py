"""The declared fields of all six collections, walked: what the specification names is declared, and is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from escher.contract.alerts import Alert
from escher.contract.context import Digest
from escher.contract.estate import Resource
from escher.contract.plan import Operation, Plan, Step
from escher.contract.runs import RunResult, StepResult
from escher.store.alerts import AlertStore
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS, CollectionName, Field
from escher.store.estate import EstateStore
from escher.store.operations import OperationStore, run_record
from escher.store.playbooks import PlaybookStore
from escher.store.records import Record
from escher.store.reports import Report, ReportStore
from escher.store.vault import Store
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY

# spec/storage.md sections 3 to 7, in the words of style.md.
SPECIFIED: Mapping[CollectionName, str] = {
    "cloud_estate": "provider kind resource_type account_id account_name region service state last_synced tags.env tags.app",
    "chat_history": "context_id message_index role timestamp",
    "executed_operations": "execution_id plan_id kind provider service status started_at completed_at exit_code playbook_id"
    " version approved context_id",
    "immutable_reports": "report_type scope period_start period_end generated_at version schema prev_hash hash",
    "alerts_events": "kind severity category status provider created_at updated_at",
    "user_playbooks": "playbook_id version status storage_strategy cloud_provider author created_at",
}
UNINDEXED: Mapping[CollectionName, str] = {
    "cloud_estate": "resource_id identifier name iam constraints attributes tags",
    "chat_history": "content metadata",
    "executed_operations": "commands parameters targets error approver before after",
    "immutable_reports": "body sources totals findings",
    "alerts_events": "",
    "user_playbooks": "name description keywords resource_types updated_at execution_count success_count last_executed"
    " deprecated_by deprecation_reason based_on_escher escher_playbook_id escher_version playbook scripts",
}
WRITTEN = {"keyword": (str, bool), "integer": int, "list": list, "object": dict}
NOW = 1_700_000_000


@pytest.mark.parametrize("name", SPECIFIED)
def test_every_field_of_the_specification_is_declared(name: CollectionName) -> None:
    """Indexed where it says so, and nothing besides."""
    fields = COLLECTIONS[name].fields
    assert set(COLLECTIONS[name].filters) == set(SPECIFIED[name].split())
    assert {field for field in fields if not fields[field].indexed} == set(UNINDEXED[name].split())


def test_why_a_field_may_be_empty_is_said_in_a_sentence() -> None:
    """Where it may."""
    reasons = [
        field.may_be_empty for one in COLLECTIONS.values() for field in one.fields.values() if field.may_be_empty
    ]
    assert reasons and all(reason.endswith(".") and len(reason) > 10 for reason in reasons)


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_full_record_fills_every_declared_field(
    name: CollectionName, store: Store, resource: Callable[..., Resource]
) -> None:
    """As its view writes it: with a value of the declared type, or for a reason that the declaration gives."""
    _fill(store, resource(account_name="shop", service="ec2", tags={"env": "dev", "app": "shop"}))
    body = max(
        (record for record in store.records(name) if _is_of(name, record)), key=lambda record: len(record.body)
    ).body
    fields = COLLECTIONS[name].fields.items()
    assert [field for field, declared in fields if not _is_filled(field, declared, body)] == []


def test_only_two_collections_have_meaning() -> None:
    """The others have a vector of one number; two are append-only."""
    assert {name for name, one in COLLECTIONS.items() if one.dimension == 384} == {"cloud_estate", "user_playbooks"}
    assert all(one.dimension in (1, 384) for one in COLLECTIONS.values())
    assert {name for name, one in COLLECTIONS.items() if one.append_only} == {"chat_history", "immutable_reports"}


def _is_filled(name: str, declared: Field, body: Mapping[str, Any]) -> bool:
    part, _, inner = name.partition(".")
    value = body.get(part, {}).get(inner) if inner else body.get(part)
    if value in (None, "", [], {}):
        return bool(declared.may_be_empty)
    return isinstance(value, WRITTEN[declared.type])


def _is_of(name: CollectionName, record: Record) -> bool:
    """Whether this is a record of the collection's main kind, which the fields are declared for."""
    begins = {
        "chat_history": "message:",
        "executed_operations": "run:",
        "immutable_reports": "report:",
        "alerts_events": "alert:",
    }
    return record.key.startswith(begins.get(name, ""))


def _fill(store: Store, one: Resource) -> None:
    EstateStore(store).upsert([replace(one, constraints={"can_stop": True}, iam={"allowed_actions": []})])
    ChatStore(store).append("c1", Digest(role="user", content="stop web"), NOW, {"resources": [one.natural_key]})
    ReportStore(store).add(
        Report("cost", "all", 1, 2, NOW, {"lines": []}, sources=("ce",), totals={"BilledCost": 1.5}, findings=("idle",))
    )
    alert = Alert(
        severity="high", category="cost", source="real_time", provider="aws", title="A spike", detected_at=NOW
    )
    AlertStore(store).add(alert, NOW)
    PlaybookStore(store).put(next(iter(load(PACKAGED_LIBRARY).entries.values())).playbook, NOW)
    OperationStore(store).add(_run(one))


def _run(one: Resource) -> Record:
    call = Operation(
        provider="aws", service="ec2", operation="stop-instances", parameters={"Force": True}, effect="write"
    )
    step = Step(
        step_id="s1", number=1, title="Stop", language="bash", script="aws", phase="change", effect="write",
        provider="aws", account_id=one.account_id, region=one.region, targets=(one.resource_id,), operations=(call,),
        commands=("aws ec2 stop-instances",),
    )  # fmt: skip
    plan = Plan(
        plan_id="plan-1", question="stop web", title="Stop", playbook_id="stop-ec2", version="1.0.0", risk="low",
        effect="write", reversible=True, policy_version="1", created_at="", expires_at="", steps=(step,),
    )  # fmt: skip
    result = RunResult(
        run_id="run-1", plan_id="plan-1", status="failed", summary="", targets=(one.resource_id,), duration_ms=5,
        steps=(StepResult(step_id="s1", title="Stop", status="failed", exit_code=1),), error="denied",
        started_at="2026-01-02T03:04:05+00:00", completed_at="2026-01-02T03:04:06+00:00",
    )  # fmt: skip
    return run_record(result, plan, approver="ana", context_id="talk-1", before=[one])
