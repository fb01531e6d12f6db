"""Playbooks in their final format (spec/playbooks.md sections 2-6), read from dictionaries; no I/O here.

A playbook is a folder `<playbook_id>/v<version>/` with `metadata.json`, `parameters.json`, `orchestration.json`,
`explain_plan.json` and `cases.json`; its scripts lie beside it under `scripts/<script_id>/v<version>/` with
`metadata.json` and `code/{bash,python}/main.{sh,py}`, and any playbook may refer to them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool

from escher.contract.understanding import Conditions
from escher.contract.vocabulary import Action, Effect, Kind, Language, Provider, Risk, State
from escher.contract.wire import Wire

Status = Literal[
    "draft", "ready", "review", "testing", "active", "deprecated", "failed", "suspended", "archived", "deleted"
]
Author = Literal["user_custom", "ai_generated", "escher_library"]
StorageStrategy = Literal["local_only", "uploaded_for_review", "uploaded_trusted", "using_default"]
VERSION = r"^\d+\.\d+\.\d+$"
DEEPEST_JSON = 50
SLUG = r"^[a-z][a-z0-9-]{0,99}$"


class Impact(Wire):
    """What running it once means, in the author's realistic figures."""

    downtime_minutes: float = 0
    cost_savings_monthly_usd: float = 0
    savings_computed_as: str = ""
    affected_resources: str = "the targets"
    reversible: StrictBool
    data_loss_risk: Literal["none", "low", "medium", "high"] = "none"


class Labels(Wire):
    """How a playbook is filed and guarded."""

    category: str
    risk_level: Risk
    requires_approval: StrictBool = True


class Metadata(Wire):
    """Who a playbook is, and what it is for."""

    playbook_id: str = Field(pattern=SLUG)
    version: str = Field(pattern=VERSION)
    name: str = Field(min_length=5, max_length=100)
    description: str = Field(min_length=20, max_length=500)
    purpose: str
    action: Action
    kinds: tuple[Kind, ...]
    use_cases: tuple[str, ...] = Field(min_length=2, max_length=10)
    keywords: tuple[str, ...] = Field(min_length=5, max_length=20)
    prerequisites: tuple[str, ...] = Field(min_length=1)
    cloud_provider: tuple[Provider, ...]
    resource_types: tuple[str, ...]
    author: Author = "escher_library"
    storage_strategy: StorageStrategy = "using_default"
    status: Status = "active"
    needs_update: StrictBool = False
    tags: Labels
    estimated_impact: Impact
    based_on_escher: StrictBool = False
    escher_playbook_id: str | None = None
    escher_version: str | None = None
    deprecated_by: str | None = None
    deprecation_reason: str | None = None
    created_at: str
    updated_at: str
    execution_count: int = 0
    success_count: int = 0
    last_executed: str | None = None
    avg_duration_seconds: float | None = None
    depends_on: tuple[str, ...] = ()


class Validation(Wire):
    """What a parameter's value must look like; checked again by the client."""

    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    error_message: str = ""


class ParameterSpec(Wire):
    """One value a playbook needs. `name` is a field of `Parameters`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: Literal["string", "integer", "boolean", "select", "resource_id"]
    description: str = Field(min_length=10)
    prompt: str
    required: StrictBool = True
    default: str | int | bool | None = None
    validation: Validation = Validation()
    extraction_hint: Literal["user_estate", "context", "generated", "static", "prompt"] = "prompt"


class ScriptRef(Wire):
    """An exact version of a script."""

    script_id: str = Field(pattern=SLUG)
    version: str = Field(pattern=VERSION)


def _shallow(document: dict[str, Any]) -> dict[str, Any]:
    """The document, unless it is nested deeper than anybody who reads it can follow. Raises ValueError."""
    level: list[Any] = [document]
    for _ in range(DEEPEST_JSON):
        nodes = [node for node in level if isinstance(node, dict | list)]
        level = [value for node in nodes for value in (node.values() if isinstance(node, dict) else node)]
        if not level:
            return document
    raise ValueError(f"nested deeper than {DEEPEST_JSON} levels")


class JsonArgument(Wire):
    """An argument that is JSON text: the only way for free values into a script (design.md section 7, rule 4)."""

    json_: Annotated[dict[str, Any], AfterValidator(_shallow)] = Field(alias="json")


Argument = str | JsonArgument


class ScriptCall(Wire):
    """A script with its arguments.

    Placeholders: `${target.identifier}`, `.resource_id`, `.name`, `.region`, `.attributes.x` of the step's targets,
    `${target.tags[playbook.p]}` the value of the tag whose key is that parameter, `${playbook.p}` a parameter,
    `${plan.date}` (YYYYMMDD), `${plan.id}` and `${plan.token}`, the step's own idempotency token; in JSON also `${target.tags}`, all of them. A plain argument with
    `${target…}` becomes one argument a target; inside a `JsonArgument`, a list item or a value with `${target…}`
    becomes the list over the targets when the step runs `for_each` group, and the single value when it runs for
    each target.

    `needs` are placeholders that must stand for a value; where one does not, `otherwise` is called instead. So a tag
    that was there is given back, and one that was not is taken off, without a branch in any script.
    """

    script_ref: ScriptRef
    arguments: tuple[Argument, ...] = ()
    needs: tuple[str, ...] = ()
    otherwise: ScriptCall | None = None


class RetryConfig(Wire):
    """How a step that failed is tried again; only ever where that is safe. The last wait goes for all that follow.

    Without exit codes and patterns (substrings of what it wrote to stderr) what is transient at the clouds counts.
    """

    max_attempts: int = Field(default=3, ge=1, le=10)
    backoff_seconds: tuple[float, ...] = (1.0, 2.0, 4.0)
    exit_codes: tuple[int, ...] = ()
    patterns: tuple[str, ...] = ()


class StepSpec(ScriptCall):
    """One step of a playbook; the client makes one plan step of it per target or per account and region.

    `only_types` and `only_states` leave out targets that the step is not for; empty: it is for all of them.
    """

    step_number: int = Field(ge=1)
    name: str
    description: str = ""
    type: Literal["script"] = "script"
    phase: Literal["check", "change", "verify"]
    for_each: Literal["account_region", "target"] = "account_region"
    only_types: tuple[str, ...] = ()
    only_states: tuple[State, ...] = ()
    failure_action: Literal["stop", "ignore", "retry"] = "stop"
    importance: Literal["critical", "high", "low"] = "critical"
    timeout_seconds: int = Field(default=60, ge=1, le=7_200)
    retry_config: RetryConfig = RetryConfig()
    rollback: ScriptCall | None = None
    irreversible_because: str = ""


class TargetsOfTypes(Wire):
    """What a playbook acts on: of the matches, those that meet `require`; the others are named with `skipped_because`.

    `having` is for what conditions have no word for: each named attribute has one of the values, or is a list that
    holds one. A resource that does not tell an attribute does not meet it.
    """

    resource_types: tuple[str, ...] = Field(min_length=1)
    require: Conditions = Conditions()
    having: dict[str, tuple[str | int | bool, ...]] = {}
    skipped_because: str = ""


class Targets(TargetsOfTypes):
    """The targets of a whole playbook.

    `among` are those of the playbooks that one was put together from: a resource is acted on only as those of them say
    that are for its type, where there are any.
    """

    among: tuple[TargetsOfTypes, ...] = ()


class Orchestration(Wire):
    """The order of a playbook."""

    type: Literal["script"] = "script"
    targets: Targets
    steps: tuple[StepSpec, ...] = Field(min_length=1)


class Happening(Wire):
    """What one step does, for people."""

    action: str
    details: str
    duration_seconds: float
    can_fail: StrictBool
    rollback: str
    risk: Risk
    reversible: StrictBool


class KnownRisk(Wire):
    """A thing that can go wrong."""

    severity: Risk
    probability: Literal["low", "medium", "high"]
    description: str
    mitigation: str


class ExplainPlan(Wire):
    """What a playbook does and why, told before it runs."""

    what_it_does: str = Field(min_length=30)
    why_use_it: tuple[str, ...] = Field(min_length=2)
    what_happens: tuple[Happening, ...]
    risks: tuple[KnownRisk, ...] = Field(min_length=1)
    rollback_strategy: str
    rollback_steps: tuple[str, ...] = ()
    success_criteria: tuple[str, ...]


class ScriptMetadata(Wire):
    """One script of the library, apart from its code."""

    script_id: str = Field(pattern=SLUG)
    version: str = Field(pattern=VERSION)
    name: str
    description: str
    available_types: tuple[Language, ...]
    default_type: Language
    effect: Effect
    provider: Provider
    resource_types: tuple[str, ...]
    permissions_required: tuple[str, ...]
    permissions_optional: tuple[str, ...] = ()
    outputs: dict[str, str] = {}
    estimated_duration_seconds: float
    timeout_seconds: int


class Script(Wire):
    """A script as it is sent: its code in each language, byte for byte what would run."""

    metadata: ScriptMetadata
    code: dict[Language, str]


class Playbook(Wire):
    """A whole playbook with the scripts it refers to, as `script_id@version`."""

    metadata: Metadata
    parameters: tuple[ParameterSpec, ...]
    orchestration: Orchestration
    explain_plan: ExplainPlan
    scripts: dict[str, Script]

    @property
    def keeps_time(self) -> bool:
        """Whether it takes the time of an order itself, and so may be planned at once for an order for later."""
        return self.metadata.action == "schedule" or any(spec.name == "schedule" for spec in self.parameters)


Source = Literal["library", "tenant", "local"]


class RankedPlaybook(Wire):
    """A playbook that fits, and why it stands where it stands.

    `source` says whose it is: the library's, your team's on the server, or your own, which the server never saw.
    """

    playbook_id: str
    version: str
    confidence: float = Field(ge=0, le=1)
    reason: str
    source: Source = "library"
    status: Status = "active"
    quality: int | None = Field(default=None, ge=0, le=100)
