"""What becomes of a request: words, and at most one of a question back and a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from escher.contract.data_requests import DataRequest
from escher.contract.events import Proposed
from escher.contract.understanding import Clarification
from escher_server.agents import ui


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a request: words to add, and at most one of a question back and a proposal."""

    sort: ui.Answer
    text: str = ""
    clarification: Clarification | None = None
    proposed: Proposed | None = None
    asks: tuple[DataRequest, ...] = ()


def ask_back(question: str, choices: Sequence[str] = ()) -> Decision:
    """A question back; the choices are prompts that would answer it."""
    clarification = Clarification(question=question.replace("**", ""), choices=tuple(choices))
    return Decision("clarification", question, clarification=clarification)
