"""The components of a reply (spec/ui.md sections 2-4).

Every component is `{id, type, props, data}`. The server may name types and bindings only (`Layout`); the client fills
in the data. `confirmation_card`, `execution_plan` and `policy_editor` are made by the client alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from escher.contract.plan import Plan
from escher.contract.policy import Policy, PolicyAnswer
from escher.contract.vocabulary import Effect, Risk
from escher.contract.wire import Wire

Format = Literal["text", "code", "number", "currency", "percent", "datetime", "state", "age"]
Cell = str | int | float | bool | None


SlotType = Literal["text", "markdown", "metric", "table", "resource_table", "list"]
Bind = Literal["$text", "$targets", "$matches", "$summary", "$counts", "$facts", "$costs", "$states"]
# In which forms the client shows what it binds.
FORMS: Mapping[Bind, frozenset[SlotType]] = {
    "$text": frozenset({"text", "markdown"}),
    "$facts": frozenset({"metric"}),
    "$targets": frozenset({"resource_table"}),
    "$matches": frozenset({"resource_table"}),
    "$summary": frozenset({"list"}),
    "$counts": frozenset({"metric", "table"}),
    "$costs": frozenset({"metric", "table"}),
    "$states": frozenset({"metric", "table"}),
}


class Slot(Wire):
    """A component the server asks for: its type, and what the client shall bind to it."""

    type: SlotType
    bind: Bind
    title: str = Field(default="", max_length=100)


class Layout(Wire):
    """The server's wish for a reply: which components in which order. Never a value, a plan or a consent."""

    template: Literal[
        "resource_action_confirmation",
        "cost_breakdown_dashboard",
        "resource_list_view",
        "status_monitor",
        "error_display",
        "dynamic",
    ]
    components: tuple[Slot, ...] = Field(default=(), max_length=50)


class NoProps(Wire):
    """No properties."""


class TextData(Wire):
    """One paragraph. `**bold**` is the only markup a `text` has."""

    content: str


class Text(Wire):
    """A sentence that says what was understood."""

    id: str
    type: Literal["text"] = "text"
    props: NoProps = NoProps()
    data: TextData


class Markdown(Wire):
    """Markdown; raw HTML and remote images are shown as text."""

    id: str
    type: Literal["markdown"] = "markdown"
    props: NoProps = NoProps()
    data: TextData


class MetricProps(Wire):
    """Label and form of a figure."""

    label: str
    format: Format = "text"
    unit: str = ""
    tone: Literal["plain", "ok", "warn", "bad"] = "plain"


class MetricData(Wire):
    """The figure."""

    value: Cell
    delta: float | None = None


class Metric(Wire):
    """One figure with its label; several in a row are shown as the pills of the mock ("understood stop")."""

    id: str
    type: Literal["metric"] = "metric"
    props: MetricProps
    data: MetricData


class Column(Wire):
    """A column of a table."""

    key: str
    label: str
    format: Format = "text"


class TableProps(Wire):
    """How a table behaves."""

    title: str = ""
    subtitle: str = ""
    footer: str = ""
    tags: tuple[str, ...] = ()
    sortable: bool = True
    searchable: bool = False
    columns: tuple[Column, ...]
    total: int | None = None


class TableData(Wire):
    """Rows by column key; at most 5 000, the rest is in the frame."""

    rows: tuple[dict[str, Cell], ...] = Field(max_length=5_000)


class Table(Wire):
    """Any rows."""

    id: str
    type: Literal["table"] = "table"
    props: TableProps
    data: TableData


class ResourceTable(Wire):
    """Resources: name, id, account, region, type, state."""

    id: str
    type: Literal["resource_table"] = "resource_table"
    props: TableProps
    data: TableData


class ListProps(Wire):
    """How a list looks."""

    title: str = ""
    ordered: bool = False
    selectable: bool = Field(default=False, description="A click on an item copies it, for the next question")


class ListData(Wire):
    """Its items."""

    items: tuple[str, ...]


class ListComponent(Wire):
    """A few sentences, one below the other; choices of a clarification prefill the prompt when clicked."""

    id: str
    type: Literal["list"] = "list"
    props: ListProps = ListProps()
    data: ListData


class PlanProps(Wire):
    """What stands around a plan."""

    subtitle: str = ""
    account_line: str = ""


class PlanData(Wire):
    """The plan itself: local, resolved, with its digest."""

    plan: Plan
    skipped: str = ""


class ExecutionPlan(Wire):
    """The steps of a plan: what runs where, what it changes, how it is undone."""

    id: str
    type: Literal["execution_plan"] = "execution_plan"
    props: PlanProps = PlanProps()
    data: PlanData


class ConfirmationProps(Wire):
    """How consent is given."""

    action: str
    risk: Risk
    effect: Effect
    typed: str = Field(default="", description="What must be typed; empty: a click is enough")


class ConfirmationData(Wire):
    """What is consented to."""

    plan_id: str
    digest: str
    summary: str
    warnings: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    expires_at: str
    state: Literal["open", "granted", "used", "expired", "refused"] = "open"


class ConfirmationCard(Wire):
    """The one place where a click is consent."""

    id: str
    type: Literal["confirmation_card"] = "confirmation_card"
    props: ConfirmationProps
    data: ConfirmationData


class TrackedStep(Wire):
    """One step of a run."""

    step_id: str
    title: str
    account: str = ""
    region: str = ""
    status: Literal["pending", "running", "completed", "failed", "cancelled", "timeout"] = "pending"


class OutputLine(Wire):
    """One line that a step printed. `at` is UTC, ISO 8601; `seq` counts from 1 without gaps within a run."""

    seq: int
    at: str
    step_id: str
    stream: Literal["stdout", "stderr"]
    text: str


class ProgressProps(Wire):
    """Title of a run."""

    title: str = "Running"


class ProgressData(Wire):
    """How far a run is, with its last lines."""

    run_id: str
    status: Literal["pending", "running", "paused", "completed", "failed", "cancelled", "timeout", "interrupted"]
    steps: tuple[TrackedStep, ...]
    lines: tuple[OutputLine, ...] = ()
    started_at: str
    elapsed_s: float = 0
    footer: str = ""


class ProgressTracker(Wire):
    """A run while it runs."""

    id: str
    type: Literal["progress_tracker"] = "progress_tracker"
    props: ProgressProps = ProgressProps()
    data: ProgressData


class ResultProps(Wire):
    """Title of a result."""

    title: str = "Result"


class Remedy(Wire):
    """What may help after a failure. `prompt`, where there is one, is what to ask for; nothing is done by itself."""

    title: str
    reason: str
    risk: Risk
    prompt: str = ""


class ResultData(Wire):
    """How a run ended. `protections` are sentences about what stood around its steps."""

    run_id: str
    plan_id: str
    status: Literal["completed", "failed", "cancelled", "timeout", "interrupted"]
    summary: str
    duration_s: float
    steps: tuple[TrackedStep, ...] = ()
    output: str = ""
    error: str = ""
    audit_entry: int | None = None
    next_actions: tuple[str, ...] = ()
    protections: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class ExecutionResult(Wire):
    """The end of a run."""

    id: str
    type: Literal["execution_result"] = "execution_result"
    props: ResultProps = ResultProps()
    data: ResultData


class PolicyData(Wire):
    """The policy that `text` (TOML) is, where it can be read, and what is wrong with it where it cannot.

    `number` and `saved_at` are of the version in force, which is what `text` was made from; `checked` is the digest of
    the text that `problems`, `notes`, `policy` and `answer` are about. `answer` is what it says of the sample, and
    `untried` why it says nothing. `saved` is the digest of the text that was saved here last.
    """

    number: int
    saved_at: str = ""
    text: str
    checked: str = ""
    policy: Policy | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    answer: PolicyAnswer | None = None
    untried: str = ""
    saved: str = ""


class PolicyEditor(Wire):
    """The user's policy, to read, to change and to save. Made by the client alone."""

    id: str
    type: Literal["policy_editor"] = "policy_editor"
    props: NoProps = NoProps()
    data: PolicyData


class ErrorProps(Wire):
    """Title of an error."""

    title: str


class ErrorData(Wire):
    """What went wrong, and the next move."""

    code: str
    message: str
    hint: str = ""
    details: str = ""


class ErrorCard(Wire):
    """A failure in words."""

    id: str
    type: Literal["error_card"] = "error_card"
    props: ErrorProps
    data: ErrorData


Component = Annotated[
    Text
    | Markdown
    | Metric
    | Table
    | ResourceTable
    | ListComponent
    | ExecutionPlan
    | ConfirmationCard
    | ProgressTracker
    | ExecutionResult
    | PolicyEditor
    | ErrorCard,
    Field(discriminator="type"),
]
COMPONENT: TypeAdapter[Component] = TypeAdapter(Component)
