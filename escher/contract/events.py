"""The stream that answers a question: the event's name is its type, its data is one of these models.

Order: `accepted`, `understanding`, `stream`…, then `clarification` or `plan` (or neither, for a question), `enhance`,
`done`. `data_request` may come anywhere between. `error` may come at any time and is last. Nothing follows `done` or `error`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from escher.contract.data_requests import DataRequest
from escher.contract.plan import PlanTemplate
from escher.contract.playbook import Playbook, RankedPlaybook
from escher.contract.ui import Layout
from escher.contract.understanding import Clarification, Understanding
from escher.contract.wire import Wire


class Accepted(Wire):
    """The request was read and will be answered. `seen_by`: whose language model may be given it; empty: none."""

    type: Literal["accepted"] = "accepted"
    message_id: str
    protocol: Literal["1"] = "1"
    seen_by: str = Field(default="", max_length=100, pattern=r"^[\w .:-]*$")


class Understood(Wire):
    """What the request means."""

    type: Literal["understanding"] = "understanding"
    understanding: Understanding


class Stream(Wire):
    """A piece of the answer's text, in order of `seq`."""

    type: Literal["stream"] = "stream"
    seq: int
    content: str


class Clarify(Wire):
    """A question back, instead of a plan."""

    type: Literal["clarification"] = "clarification"
    clarification: Clarification


class Proposed(Wire):
    """Ranked playbooks, and the first of them filled in. `template` is missing when nothing fits.

    `draft` is a playbook to keep and work on, for who asked for one; nothing is planned of it.
    """

    type: Literal["plan"] = "plan"
    playbooks: tuple[RankedPlaybook, ...] = ()
    template: PlanTemplate | None = None
    draft: Playbook | None = None


class Enhance(Wire):
    """How the answer should look: component types and bindings (`$targets`), never values."""

    type: Literal["enhance"] = "enhance"
    layout: Layout


class Failed(Wire):
    """The request ended with an error."""

    type: Literal["error"] = "error"
    code: str
    message: str
    hint: str = ""
    retryable: bool = False


class Done(Wire):
    """The answer is whole. `padding` hides its length."""

    type: Literal["done"] = "done"
    message_id: str
    padding: str = ""


Event = Annotated[
    Accepted | Understood | Stream | Clarify | Proposed | DataRequest | Enhance | Failed | Done,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
