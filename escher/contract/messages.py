"""The messages between a page and the kernel. A page shows, asks for views, and sends clicks; it decides nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from escher.contract.policy import Sample
from escher.contract.ui import OutputLine
from escher.contract.wire import Whole, Wire, canonical

LONGEST_POLICY = 200_000


class FetchView(Wire):
    """Page to kernel: send me everything this view shows.

    `key` is the page's public key (P-256, uncompressed, base64); the first page that shows a view may approve in it.
    """

    v: Literal[1] = 1
    type: Literal["view.fetch"] = "view.fetch"
    id: str
    key: str = ""


class ApprovePlan(Wire):
    """Page to kernel: a person clicked Approve on the plan with this digest.

    `signature` (ECDSA P-256 with SHA-256, 64 bytes, base64) is the page key's over `signed_bytes`.
    """

    v: Literal[1] = 1
    type: Literal["plan.approve"] = "plan.approve"
    id: str
    plan_id: str
    digest: str
    confirmation: str = ""
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What a page signs when it approves: a JSON list, in UTF-8."""
        return canonical(["escher.approve.1", self.id, self.plan_id, self.digest, self.confirmation])


class CheckPolicy(Wire):
    """Page to kernel: read this text of a policy, and try it on an act. Nothing is saved; the editor's card answers."""

    v: Literal[1] = 1
    type: Literal["policy.check"] = "policy.check"
    id: str
    text: str = Field(max_length=LONGEST_POLICY)
    sample: Sample | None = None


class SavePolicy(Wire):
    """Page to kernel: a person clicked Save under this text; it was made from version `based_on`.

    `signature` is as in `ApprovePlan`.
    """

    v: Literal[1] = 1
    type: Literal["policy.save"] = "policy.save"
    id: str
    text: str = Field(max_length=LONGEST_POLICY)
    based_on: Whole
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What a page signs when it saves: a JSON list, in UTF-8."""
        return canonical(["escher.policy.1", self.id, self.text, self.based_on])


class CancelRun(Wire):
    """Page to kernel: stop the run."""

    v: Literal[1] = 1
    type: Literal["run.cancel"] = "run.cancel"
    id: str
    run_id: str


class PauseRun(Wire):
    """Page to kernel: let the run stand before its next step, or (`paused` false) go on."""

    v: Literal[1] = 1
    type: Literal["run.pause"] = "run.pause"
    id: str
    run_id: str
    paused: bool


PageMessage = Annotated[
    FetchView | ApprovePlan | CheckPolicy | SavePolicy | CancelRun | PauseRun, Field(discriminator="type")
]
PAGE_MESSAGE: TypeAdapter[PageMessage] = TypeAdapter(PageMessage)


class ShowView(Wire):
    """Kernel to page: the whole view, in order. Answers `view.fetch`, and replaces what was shown before."""

    v: Literal[1] = 1
    type: Literal["view.show"] = "view.show"
    id: str
    seq: int
    components: tuple[dict[str, Any], ...]


class PutComponents(Wire):
    """Kernel to page: add these components, or replace those with the same id."""

    v: Literal[1] = 1
    type: Literal["view.put"] = "view.put"
    id: str
    seq: int
    components: tuple[dict[str, Any], ...]


class AppendOutput(Wire):
    """Kernel to page: new lines of a run, in batches, at most 20 messages a second."""

    v: Literal[1] = 1
    type: Literal["run.output"] = "run.output"
    id: str
    seq: int
    component_id: str
    lines: tuple[OutputLine, ...]


KernelMessage = Annotated[ShowView | PutComponents | AppendOutput, Field(discriminator="type")]
