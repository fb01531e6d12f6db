"""What is asked of one agent of the server alone, and its answer: plan, remediate, validate, lay out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from escher.contract.context import RequestContext
from escher.contract.events import Proposed
from escher.contract.failures import ErrorKind
from escher.contract.plan import PlanTemplate
from escher.contract.playbook import SLUG, VERSION, Playbook, Source
from escher.contract.ui import Layout
from escher.contract.understanding import Clarification, Understanding
from escher.contract.vocabulary import Action, Provider, Risk
from escher.contract.wire import Whole, Wire

TYPE_NAME = r"^(aws|azure|gcp)_[a-z0-9_]{1,80}$"


class PlanAnswer(Wire):
    """What becomes of an order: in words, and a question back or a proposal. A question never gets a proposal."""

    understanding: Understanding
    text: str
    clarification: Clarification | None = None
    proposed: Proposed | None = None


class DraftAnswer(Wire):
    """A draft of a playbook, in words and whole; or the question back what it is to be for."""

    text: str
    clarification: Clarification | None = None
    draft: Playbook | None = None


class FailureReport(Wire):
    """A step that failed: which, of what sort the error was, and how often it was tried. No output and no name.

    `resource_types` are of what the step acted on; none: all that its playbook is for.
    """

    playbook_id: str = Field(pattern=SLUG)
    version: str = Field(pattern=VERSION)
    step_number: Whole = Field(ge=1, le=1_000)
    error: ErrorKind
    provider: Provider | None = None
    resource_types: tuple[Annotated[str, Field(pattern=TYPE_NAME)], ...] = Field(default=(), max_length=20)
    attempts: Whole = Field(default=1, ge=1, le=100)
    changed: StrictBool = Field(default=False, description="Whether a step before it, or it itself, changed something")


class Fix(Wire):
    """What may help. `resume` says where to go on once it is done; nothing is ever done by itself."""

    title: str
    reason: str
    risk: Risk
    resume: Literal["retry_step", "restart", "roll_back", "ask_person"]
    wait_seconds: int = 0
    approval_required: bool = True


class FixPlaybook(Wire):
    """A playbook that may clear what the step failed over. It is planned, shown and approved like any other."""

    playbook_id: str
    version: str
    name: str
    reason: str
    risk: Risk
    source: Source = "library"


class Fixes(Wire):
    """Fixes and playbooks that may help, the most promising first, and a sentence about how things stand.

    `action` is what the failed playbook does, `none` where the server does not know it.
    """

    text: str
    action: Action = "none"
    fixes: tuple[Fix, ...]
    playbooks: tuple[FixPlaybook, ...] = ()


class ValidationRequest(Wire):
    """A filled playbook, and the request that it answers."""

    context: RequestContext
    template: PlanTemplate


class BlastRadius(Wire):
    """How far a plan may reach, in bounds: the server knows counts in buckets, never which resources they are.

    `most`, `accounts` and `regions` are None where nothing tells; `dependants` counts what is known to hang on the
    named things. Downtime is in minutes for each of them, savings in USD a month.
    """

    least: int = 0
    most: int | None = None
    accounts: int | None = None
    regions: int | None = None
    environments: tuple[str, ...] = ()
    protected: bool = Field(default=False, description="Production or disaster recovery is among them")
    dependants: int = 0
    downtime_minutes: float = 0
    saves_monthly_usd: float = 0
    data_loss: Literal["none", "low", "medium", "high"] = "none"
    reversible: bool = True


class ValidationAnswer(Wire):
    """Whether a plan may be offered. The client decides again, with what only it knows."""

    feasible: bool
    blocking_issues: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    risk: Risk
    impact: str
    blast_radius: BlastRadius = BlastRadius()
    approvals_required: int = Field(ge=0)


class EnhanceRequest(Wire):
    """An answer that the client made itself: of which sort, and to what."""

    answer: Literal["plan", "nothing_fits", "clarification", "information"]
    understanding: Understanding


class EnhanceAnswer(Wire):
    """How it should look."""

    layout: Layout
