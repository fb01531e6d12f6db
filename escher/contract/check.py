"""What a script or a command would do, as `escher check` tells it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from escher.contract.plan import Operation
from escher.contract.wire import Wire

Judgement = Literal["read", "write", "destroy", "secret", "unknown", "invalid"]


class CheckedOperation(Operation):
    """One call with the names and ids of what it acts on, as far as the script tells them."""

    targets: tuple[str, ...] = ()


class CheckProblem(Wire):
    """What could not be read for certain, may not be done, or is not there at the provider."""

    line: int = Field(description="From 1")
    message: str


class Check(Wire):
    """The verdict is the worst part's; `invalid` when the provider would not take it, `unknown` when nobody can tell."""

    verdict: Judgement
    operations: tuple[CheckedOperation, ...] = ()
    problems: tuple[CheckProblem, ...] = ()
