"""Plans: what the server proposes (a playbook and values) and what the client resolved, shows, signs and runs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from escher.contract.playbook import Playbook, RetryConfig
from escher.contract.understanding import Parameter, Selector
from escher.contract.vocabulary import Effect, Language, Provider, Risk
from escher.contract.wire import Wire, digest


class PlanTemplate(Wire):
    """The server's proposal: no resource, no id; only the client can make a plan of it."""

    playbook: Playbook
    selector: Selector
    parameters: dict[str, Parameter] = {}
    missing: tuple[str, ...] = Field(default=(), description="Required parameters that nobody has given")


class Operation(Wire):
    """One call of a provider's API, spelt as its CLI spells it: `ec2`, `stop-instances`; parameters as the API's."""

    provider: Provider
    service: str
    operation: str
    parameters: dict[str, Any] = {}
    effect: Effect


class Call(Wire):
    """Exact bytes with their arguments, and what the client itself read in them.

    `script` is what runs, byte for byte; `environment` is all that is set for it besides the account's credentials and
    a fixed PATH, HOME and locale; `commands` is the same resolved to what a person would type.
    """

    title: str
    language: Language
    script: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    commands: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()


class Step(Call):
    """One call in one account and region, on targets that were shown.

    `irreversible_because` says why there is no rollback, or what the rollback does not bring back.
    `needs` are ids of steps that must have completed before (strategy `dependency`). Steps of one `wave` (1, 2, …) act
    on the same few targets; those of wave 0 stand before all waves.
    """

    step_id: str
    number: int
    description: str = ""
    phase: Literal["check", "change", "verify"]
    effect: Effect
    provider: Provider
    account_id: str
    account_name: str = ""
    region: str
    targets: tuple[str, ...]
    failure_action: Literal["stop", "ignore", "retry"] = "stop"
    timeout_seconds: int = 60
    needs: tuple[str, ...] = ()
    wave: int = Field(default=0, ge=0)
    retry: RetryConfig = RetryConfig()
    rollback: Call | None = None
    irreversible_because: str = ""


Strategy = Literal["serial", "parallel", "dependency"]


class Plan(Wire):
    """All that is approved. `digest` is the SHA-256 of the canonical JSON (RFC 8785) of every other field.

    `confirmation` lists the answers of which one must be typed before this plan can be granted; empty: a click is enough.
    `playbook_sha256` is the content hash of the playbook whose `parameters` were filled; empty when there was none.
    `generated` says that its playbook was made for the request and never reviewed; such a plan is always approved.
    A plan in waves stops after the wave in which more than `error_budget` (a share) of the targets so far have failed.
    `undoes` and `resumes` name the run whose effects it takes back, or whose failed steps it does again.
    """

    plan_id: str
    digest: str = ""
    question: str
    title: str
    playbook_id: str
    version: str
    playbook_sha256: str = ""
    parameters: dict[str, str | int | float | bool | None] = {}
    risk: Risk
    effect: Effect
    reversible: bool
    requires_approval: bool = True
    generated: bool = False
    confirmation: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    approvals_required: int = Field(default=1, ge=1, le=2)
    strategy: Strategy = "serial"
    max_concurrency: int = Field(default=10, ge=1, le=50)
    error_budget: float = Field(default=0.1, ge=0, le=1)
    undoes: str = ""
    resumes: str = ""
    policy_version: str
    created_at: str
    expires_at: str
    steps: tuple[Step, ...]

    def sealed(self) -> Plan:
        """This plan with its digest."""
        return self.model_copy(update={"digest": self.content_digest()})

    def content_digest(self) -> str:
        """The digest that this plan must bear."""
        return digest(self.model_dump(mode="json", exclude={"digest"}))


class Target(Wire):
    """A resource that an answer means. `alias` is what the server knows it by, if it knows of it at all."""

    alias: str
    resource_id: str
    resource_type: str
    account_id: str
    region: str
    name: str
    identifier: str = ""
    account_name: str = ""
    kind: str = ""
    state: str = ""
    size: str = ""
    environment: str = ""
