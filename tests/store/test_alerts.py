"""Alerts and all that is kept beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from escher.contract.alerts import (
    Alert,
    AlertRecord,
    Budget,
    Event,
    EventResource,
    Recommendation,
    RemediationSetting,
    ReportTemplate,
    Rule,
    ScanResult,
    Schedule,
    Setting,
    SuggestedAction,
    TimelineEntry,
)
from escher.contract.estate import Account, Resource, Scope
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.store.alerts import ALERTS, KINDS, AlertStore
from escher.store.collections import COLLECTIONS
from escher.store.estate import EstateStore
from escher.store.vault import Store

NOW = 1_700_000_000
PUBLIC = Alert(
    severity="critical", category="security", source="real_time", provider="aws", title="A bucket is public",
    resources=("aws:1:us-east-1:aws_s3_bucket:b",), detected_at=NOW - 5,
    suggested_actions=(SuggestedAction(type="auto_remediation", title="Make it private", playbook_id="make-private"),),
)  # fmt: skip
TOLD = Event(
    event_id="e-1", event_type="PutBucketAcl", severity="high", category="security", provider="aws", account_id="1",
    region="us-east-1", resource=EventResource(type="aws_s3_bucket", id="b"), timestamp=NOW, raw={"eventName": "PutBucketAcl"},
)  # fmt: skip
IDLE = Recommendation(
    recommendation_id="r-1", category="cost", priority="low", title="Stop it", saving=12.5, resources=("k",), provider="aws"
)  # fmt: skip
EVERY: dict[str, tuple[AlertRecord, str]] = {
    "alert": (PUBLIC, f"alert:{PUBLIC.alert_id}"),
    "event": (TOLD, "event:e-1"),
    "timeline": (
        TimelineEntry(entry_id="t-1", alert_id="a-1", at=NOW, type="escalation", actor="system", description="Told Ben."),
        "timeline:t-1",
    ),
    "rule": (Rule(rule_id="cpu", condition="cpu_percent", threshold=85, severity="high"), "rule:cpu"),
    "remediation_setting": (
        RemediationSetting(rule_id="idle", name="Stop idle", condition="idle 2 h", action="stop"),
        "remediation_setting:idle",
    ),
    "scan_result": (
        ScanResult(date="2026-01-31", scan="security", findings=({"id": "f"},), deltas={"new": 1}, priority="high"),
        "scan_result:2026-01-31:security",
    ),
    "recommendation": (IDLE, "recommendation:r-1"),
    "report_template": (ReportTemplate(template_id="morning", sections=("cost",)), "report_template:morning"),
    "setting": (Setting(name="theme", value="dark"), "setting:theme"),
    "schedule": (
        Schedule(name="night", schedule="0 20 * * *", playbook_id="stop-ec2", version="1.0.0"),
        "schedule:night",
    ),
    "budget": (Budget(name="all", amount=1000), "budget:all"),
}  # fmt: skip


@pytest.fixture
def alerts(store: Store) -> AlertStore:
    """Nothing happened yet."""
    return AlertStore(store)


def test_every_kind_is_tried_here() -> None:
    """A new kind of record needs a case."""
    assert set(EVERY) == set(KINDS)


@pytest.mark.parametrize("kind", EVERY)
def test_a_record_comes_back_under_its_id(alerts: AlertStore, kind: str) -> None:
    """As it was, with the times of its writing, under the id that its kind prescribes."""
    record, key = EVERY[kind]
    assert alerts.add(record, NOW) == key
    assert alerts.get(key) == record.model_copy(update={"created_at": NOW, "updated_at": NOW})
    assert [found.key for found in alerts.query(kind=kind)][-1] == key


def test_the_id_of_an_alert_is_random() -> None:
    """Two alerts about the same thing are two."""
    assert PUBLIC.key != Alert(**PUBLIC.model_dump(exclude={"alert_id"})).key


def test_alerts_and_timelines_are_written_once_and_the_rest_is_replaced(alerts: AlertStore) -> None:
    """A second alert of the same id is refused, an event told twice stays as it came first, a rule is replaced."""
    alerts.add(PUBLIC, NOW)
    alerts.add(TOLD, NOW)
    with pytest.raises(RecordExists):
        alerts.add(PUBLIC.model_copy(update={"title": "Another"}), NOW)
    alerts.add(TOLD.model_copy(update={"severity": "low"}), NOW + 9)
    assert alerts.get(TOLD.key) == TOLD.model_copy(update={"created_at": NOW, "updated_at": NOW})
    rule = Rule(rule_id="cpu", condition="cpu_percent", threshold=85, severity="high")
    alerts.add(rule, NOW)
    alerts.add(rule.model_copy(update={"threshold": 90.0}), NOW + 9)
    [kept] = alerts.rules()
    assert (kept.threshold, kept.created_at, kept.updated_at) == (90.0, NOW, NOW + 9)


def test_what_a_cloud_tells_is_kept_without_secrets(alerts: AlertStore) -> None:
    """User data and environments in the raw event are dropped; the rest is as it was sent."""
    raw = {"requestParameters": {"userData": "hush", "environment": {"variables": {"DB": "hush"}}, "imageId": "ami-1"}}
    key = alerts.add(TOLD.model_copy(update={"event_id": "e-2", "raw": raw}), NOW)
    told = alerts.get(key)
    assert isinstance(told, Event) and told.raw == {"requestParameters": {"imageId": "ami-1"}}


def test_an_alert_moves_on_and_tells_its_timeline(alerts: AlertStore) -> None:
    """Detected, read, acknowledged, resolved: each with its time, in order, and never back."""
    key = alerts.add(PUBLIC, NOW)
    alerts.update_status(key, "read", NOW + 1)
    alerts.update_status(key, "acknowledged", NOW + 2)
    resolved = alerts.update_status(key, "resolved", NOW + 3, actor="auto_remediation", description="Made private.")
    assert isinstance(resolved, Alert)
    assert (resolved.status, resolved.acknowledged_at, resolved.resolved_at) == ("resolved", NOW + 2, NOW + 3)
    assert [(line.at - NOW, line.type, line.actor) for line in alerts.timeline(PUBLIC.alert_id)] == [
        (-5, "detection", "system"), (2, "action_taken", "user"), (3, "resolution", "auto_remediation"),
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="cannot become read"):
        alerts.update_status(key, "read", NOW + 4)
    with pytest.raises(NotFound):
        alerts.update_status("alert:x", "read", NOW)


def test_a_recommendation_can_wait(alerts: AlertStore) -> None:
    """Postponed it says until when; dismissed it may come back; applied it is done."""
    key = alerts.add(IDLE, NOW)
    postponed = alerts.update_status(key, "postponed", NOW, until=NOW + 86_400)
    assert isinstance(postponed, Recommendation) and postponed.until == NOW + 86_400
    applied = alerts.update_status(key, "applied", NOW + 1)
    assert isinstance(applied, Recommendation) and applied.until is None
    with pytest.raises(InvalidInput, match="nothing else"):
        alerts.update_status(key, "pending", NOW)
    with pytest.raises(InvalidInput, match="cannot become resolved"):
        alerts.update_status(alerts.add(IDLE.model_copy(update={"recommendation_id": "r-2"}), NOW), "resolved", NOW)


def test_records_are_found_newest_first_by_their_fields(alerts: AlertStore) -> None:
    """Kind, severity, category, status, provider and time narrow; an unknown filter is named."""
    for offset, record in enumerate((PUBLIC, TOLD, IDLE)):
        alerts.add(record, NOW + offset)
    assert [found.kind for found in alerts.query()] == ["recommendation", "event", "timeline", "alert"]
    assert [found.key for found in alerts.query(severity="critical", category="security")] == [PUBLIC.key]
    assert [found.key for found in alerts.query(status="pending", provider="aws")] == [IDLE.key]
    assert [found.key for found in alerts.query(since=NOW + 1, until=NOW + 2)] == [TOLD.key]
    assert len(alerts.query(limit=1)) == 1
    with pytest.raises(InvalidInput, match="no colour"):
        alerts.query(colour="red")


def test_what_is_set_can_be_taken_back_and_what_happened_cannot(alerts: AlertStore, store: Store) -> None:
    """A rule goes; an alert, an event, a scope or an account does not go this way."""
    estate = EstateStore(store)
    estate.put_account(Account("aws", "1", "one"))
    estate.put_scopes([Scope("aws", "1", "us-east-1", "aws_ec2_instance", "complete")])
    rule, alert = alerts.add(EVERY["rule"][0], NOW), alerts.add(PUBLIC, NOW)
    alerts.remove(rule)
    assert alerts.rules() == []
    for key in (alert, "setting:account:aws:1", "scan_record:aws:1:us-east-1:aws_ec2_instance"):
        with pytest.raises(RecordExists):
            alerts.remove(key)


def test_the_estate_s_own_records_are_not_among_the_alerts(
    alerts: AlertStore, store: Store, resource: Callable[..., Resource]
) -> None:
    """Scopes and accounts share the collection, and neither side sees the other's."""
    estate = EstateStore(store)
    estate.sync([resource(1)], Scope("aws", "111111111111", "us-east-1", "aws_ec2_instance", "complete"))
    estate.put_account(Account("aws", "1", "one"))
    alerts.add(Setting(name="theme", value={"dark": True}), NOW)
    assert alerts.settings() == {"theme": {"dark": True}} and len(alerts.query()) == 1
    assert len(estate.scopes()) == len(estate.accounts()) == 1
    with pytest.raises(NotFound):
        alerts.get("setting:account:aws:1")


def test_every_filter_field_is_filled_by_some_kind(alerts: AlertStore, store: Store) -> None:
    """No declared field of the collection is one that nothing ever has."""
    for record, _ in EVERY.values():
        alerts.add(record, NOW)
    bodies = [record.body for record in store.records(ALERTS)]
    assert [name for name in COLLECTIONS[ALERTS].fields if not any(body.get(name) for body in bodies)] == []
