"""What the client tells the server of an estate when it wants advice, a report or an alert explained: closed words and
counts in buckets, nothing that names anything. Requests and answers of `/recommendations`, `/reports/compose` and
`/alerts/analyse`.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, StrictBool

from escher.contract.alerts import AlertCategory, Severity
from escher.contract.ui import Layout
from escher.contract.vocabulary import Action, Kind, Provider, Risk
from escher.contract.wire import Whole, Wire, numeric

# Rounded down, as in `contract.context.Count`: 1 to 4 exact, then 1, 2, 5 and their tens. Also for US dollars.
_Buckets = Literal[
    0, 1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000,
    100_000, 200_000, 500_000, 1_000_000,
]  # fmt: skip
BUCKETS: tuple[int, ...] = get_args(_Buckets)
Bucket = Annotated[_Buckets, BeforeValidator(numeric)]

Focus = Literal["balanced", "cost", "security", "operational"]
Finding = Literal[
    "idle_instance",
    "over_provisioned",
    "unattached_disk",
    "unused_address",
    "old_snapshot",
    "old_log_group",
    "no_commitment",
    "public_storage",
    "open_port",
    "unencrypted_storage",
    "unencrypted_disk",
    "unencrypted_database",
    "old_access_key",
    "no_mfa",
    "no_backup",
    "single_zone",
    "near_capacity",
    "old_generation",
    "untagged",
    "expiring_certificate",
]
AdviceCategory = Literal["cost", "security", "performance", "reliability", "compliance", "maintenance"]


class Found(Wire):
    """How many resources show a finding, and what they cost a month in US dollars."""

    finding: Finding
    provider: Provider | None = None
    count: Bucket
    monthly_usd: Bucket = 0
    production: StrictBool = False


class AdviceRequest(Wire):
    """What was found. Actions that the client's policy blocks are not advised."""

    found: tuple[Found, ...] = Field(max_length=200)
    blocked_actions: tuple[Action, ...] = ()
    focus: Focus = "balanced"
    limit: Whole = Field(default=10, ge=1, le=50)


class Advice(Wire):
    """What would be better. `ask` is what to type to have it planned; empty where a person must decide first."""

    finding: Finding
    category: AdviceCategory
    priority: Risk
    title: str
    description: str
    saving_usd: int = 0
    effort: Literal["low", "medium", "high"]
    risk: Risk
    ask: str = ""


class AdviceAnswer(Wire):
    """Advice, the most urgent first, with a sentence about all of it and how it should look."""

    text: str
    advice: tuple[Advice, ...] = ()
    layout: Layout


ReportKind = Literal["infrastructure", "cost", "security", "performance", "changes", "compliance", "morning"]
Section = Literal[
    "critical_alerts", "cost", "changes", "security", "compliance", "optimisation", "health", "performance", "inventory"
]
SECTIONS: tuple[Section, ...] = get_args(Section)
FigureName = Literal[
    "resources",
    "accounts",
    "regions",
    "spend_usd",
    "forecast_usd",
    "budget_usd",
    "saving_usd",
    "alerts_critical",
    "alerts_high",
    "alerts_open",
    "resources_new",
    "resources_gone",
    "resources_changed",
    "runs",
    "runs_failed",
    "public",
    "unencrypted",
    "violations",
    "checks_passed",
    "unhealthy",
    "idle",
    "near_capacity",
]


class Figure(Wire):
    """One figure of a section, and the same for the time before."""

    section: Section
    name: FigureName
    value: Bucket
    before: Bucket | None = None


class ReportRequest(Wire):
    """What a report is to be made of."""

    report: ReportKind
    period_days: Whole = Field(default=1, ge=1, le=400)
    figures: tuple[Figure, ...] = Field(default=(), max_length=100)
    focus: Focus = "balanced"
    length: Literal["detailed", "compact", "executive"] = "detailed"


class ReportSection(Wire):
    """A section in words, and what to ask about it. The client puts the exact figures beside it."""

    section: Section
    heading: str
    sentences: tuple[str, ...]
    questions: tuple[str, ...] = ()


class ReportAnswer(Wire):
    """The wording and order of a report."""

    title: str
    summary: str
    sections: tuple[ReportSection, ...] = ()
    layout: Layout


class AlertRequest(Wire):
    """An event without its names: what happened to what sort of thing, and how much hangs on it."""

    finding: Finding | Literal["down", "budget_exceeded", "cost_jump", "changed", "failed_run", "other"]
    category: AlertCategory
    severity: Severity
    provider: Provider | None = None
    kind: Kind | None = None
    production: StrictBool = False
    personal_data: StrictBool = False
    affected: Bucket = 1
    cost_usd: Bucket = 0
    affected_users: Bucket = 0


class AlertAnswer(Wire):
    """What to think of it and what to do first. `ask` is what to type to have a fix planned; it is never done by itself."""

    severity: Severity
    notify: Literal["at_once", "within_minutes", "next_report"]
    cause: str
    impact: str
    first_aid: tuple[str, ...]
    ask: str = ""
    layout: Layout
