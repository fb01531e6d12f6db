"""Alerts and all that is kept beside them: the records of `alerts_events`, one model a kind (spec/storage.md section 6).

Times are Unix seconds. Resources are named by natural key. Nothing here crosses the wire to the server as it is.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import Field

from escher.contract.vocabulary import Provider, Risk
from escher.contract.wire import Wire

Severity = Literal["critical", "high", "medium", "low", "info"]
AlertCategory = Literal["cost", "security", "availability", "compliance"]
AlertStatus = Literal["unread", "read", "acknowledged", "resolved"]
RecommendationStatus = Literal["pending", "applied", "postponed", "dismissed"]
Actor = Literal["system", "user", "auto_remediation"]


def _random() -> str:
    return uuid4().hex


class Kept(Wire):
    """What every record has. The store sets both times when it writes."""

    created_at: int = 0
    updated_at: int = 0


class SuggestedAction(Wire):
    """What could be done about an alert."""

    type: Literal["auto_remediation", "manual_action", "escalation"]
    title: str
    playbook_id: str = ""


class Alert(Kept):
    """Something that a person should know."""

    kind: Literal["alert"] = "alert"
    alert_id: str = Field(default_factory=_random)
    severity: Severity
    category: AlertCategory
    status: AlertStatus = "unread"
    source: Literal["real_time", "scheduled_scan"]
    provider: Provider | None = None
    title: str
    description: str = ""
    resources: tuple[str, ...] = ()
    detected_at: int
    acknowledged_at: int | None = None
    resolved_at: int | None = None
    suggested_actions: tuple[SuggestedAction, ...] = ()

    @property
    def key(self) -> str:
        """The natural key; random."""
        return f"alert:{self.alert_id}"


class EventResource(Wire):
    """The resource that an event is about, as the event names it."""

    type: str = ""
    id: str = ""
    name: str = ""
    tags: dict[str, str] = {}
    metadata: dict[str, Any] = {}


class EventContext(Wire):
    """What an event means where it happened."""

    environment: str = ""
    data_classification: str = ""
    cost_impact: float | None = None
    affected_users: int | None = None


class Event(Kept):
    """What a cloud told, in one form for all clouds; `raw` is what it sent."""

    kind: Literal["event"] = "event"
    event_id: str
    event_type: str
    severity: Severity
    category: AlertCategory | None = None
    provider: Provider
    account_id: str
    region: str
    resource: EventResource = EventResource()
    context: EventContext = EventContext()
    timestamp: int
    raw: dict[str, Any] = {}

    @property
    def key(self) -> str:
        """The natural key, from the provider's own id: what is told twice is kept once."""
        return f"event:{self.event_id}"


class TimelineEntry(Kept):
    """One thing that happened to an alert."""

    kind: Literal["timeline"] = "timeline"
    entry_id: str = Field(default_factory=_random)
    alert_id: str
    at: int
    type: Literal["detection", "escalation", "action_taken", "resolution"]
    actor: Actor
    description: str

    @property
    def key(self) -> str:
        """The natural key; random."""
        return f"timeline:{self.entry_id}"


class Rule(Kept):
    """When to alert. `condition` names a measure, `threshold` where it is too much."""

    kind: Literal["rule"] = "rule"
    rule_id: str
    name: str = ""
    condition: str
    threshold: float | None = None
    severity: Severity
    category: AlertCategory | None = None
    provider: Provider | None = None
    enabled: bool = True

    @property
    def key(self) -> str:
        """The natural key, from the rule's id."""
        return f"rule:{self.rule_id}"


class RemediationSetting(Kept):
    """What may be done by itself about what, at most with such an impact (spec/product.md section 8)."""

    kind: Literal["remediation_setting"] = "remediation_setting"
    rule_id: str
    name: str
    condition: str
    action: str
    requires_approval: bool = True
    max_impact: Literal["low", "medium", "high"] = "low"
    enabled: bool = False

    @property
    def key(self) -> str:
        """The natural key, from the rule's id."""
        return f"remediation_setting:{self.rule_id}"


class ScanResult(Kept):
    """What a scheduled look at the estate found, against the one before. `date` is `2026-01-31`."""

    kind: Literal["scan_result"] = "scan_result"
    date: str
    scan: str
    category: AlertCategory | None = None
    provider: Provider | None = None
    findings: tuple[dict[str, Any], ...] = ()
    deltas: dict[str, Any] = {}
    priority: Risk = "low"

    @property
    def key(self) -> str:
        """The natural key, from date and scan: the same scan again on one day replaces the earlier."""
        return f"scan_result:{self.date}:{self.scan}"


class Recommendation(Kept):
    """What would be better. `saving` is US dollars a month; `until` is when a postponed one comes back."""

    kind: Literal["recommendation"] = "recommendation"
    recommendation_id: str
    category: Literal["cost", "security", "performance", "reliability", "compliance", "maintenance"]
    priority: Risk
    title: str
    description: str = ""
    saving: float = 0
    resources: tuple[str, ...] = ()
    provider: Provider | None = None
    status: RecommendationStatus = "pending"
    until: int | None = None

    @property
    def key(self) -> str:
        """The natural key, from its id."""
        return f"recommendation:{self.recommendation_id}"


class ReportTemplate(Kept):
    """How a report is to look (spec/product.md section 6)."""

    kind: Literal["report_template"] = "report_template"
    template_id: str
    sections: tuple[str, ...]
    thresholds: dict[str, float] = {}
    focus: Literal["balanced", "cost", "security", "operational"] = "balanced"
    length: Literal["detailed", "compact", "executive"] = "detailed"

    @property
    def key(self) -> str:
        """The natural key, from its id."""
        return f"report_template:{self.template_id}"


class Setting(Kept):
    """A choice of the user's, or what the application remembers for itself."""

    kind: Literal["setting"] = "setting"
    name: str
    value: Any

    @property
    def key(self) -> str:
        """The natural key, from its name."""
        return f"setting:{self.name}"


class Schedule(Kept):
    """A playbook that runs by the clock. `schedule` is a cron line."""

    kind: Literal["schedule"] = "schedule"
    name: str
    schedule: str
    playbook_id: str
    version: str
    parameters: dict[str, Any] = {}
    targets: dict[str, Any] = {}
    approval: dict[str, Any] = {}
    enabled: bool = True
    last_run: int | None = None
    next_run: int | None = None

    @property
    def key(self) -> str:
        """The natural key, from its name."""
        return f"schedule:{self.name}"


class Budget(Kept):
    """What a scope may cost. `amount` is US dollars a period, `alert_at` are shares of it in per cent."""

    kind: Literal["budget"] = "budget"
    name: str
    scope: str = "all"
    amount: float
    period: Literal["day", "month", "year"] = "month"
    alert_at: tuple[int, ...] = (80, 100)
    provider: Provider | None = None

    @property
    def key(self) -> str:
        """The natural key, from its name."""
        return f"budget:{self.name}"


AlertRecord = Annotated[
    Alert
    | Event
    | TimelineEntry
    | Rule
    | RemediationSetting
    | ScanResult
    | Recommendation
    | ReportTemplate
    | Setting
    | Schedule
    | Budget,
    Field(discriminator="kind"),
]
