"""The messages between a page and the kernel. A page shows, asks for views, and sends clicks; it decides nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from escher.contract.ui import OutputLine
from escher.contract.wire import Wire, canonical


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


class CancelRun(Wire):
    """Page to kernel: stop the run."""

    v: Literal[1] = 1
    type: Literal["run.cancel"] = "run.cancel"
    id: str
    run_id: str


PageMessage = Annotated[FetchView | ApprovePlan | CancelRun, Field(discriminator="type")]
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
