"""The whole answer to a question: what `escher ask --json` prints and `escher.ask()` returns."""

from __future__ import annotations

from typing import Any

from escher.contract.estate import Completeness
from escher.contract.plan import Plan, Target
from escher.contract.playbook import Playbook, RankedPlaybook
from escher.contract.understanding import Clarification, Understanding
from escher.contract.wire import Wire


class Reply(Wire):
    """One question, answered. `targets` is what the answer means; `timings_ms` counts from the question.

    `components` are `contract.ui` components as JSON. `plan` is there only for an order whose targets are clear, `draft` only
    for who asked for a playbook; it is kept nowhere yet.
    """

    message_id: str
    text: str
    understanding: Understanding
    clarification: Clarification | None = None
    targets: tuple[Target, ...] = ()
    completeness: Completeness
    playbooks: tuple[RankedPlaybook, ...] = ()
    plan: Plan | None = None
    draft: Playbook | None = None
    components: tuple[dict[str, Any], ...] = ()
    digest_text: str
    timings_ms: dict[str, float] = {}
