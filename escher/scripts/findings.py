"""What was found while a script was read, and the verdict that follows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from escher.apis.catalogue import OperationSpec
from escher.apis.commands import CommandSpec
from escher.apis.effect import effect_of
from escher.apis.validate import has_unknown, problems_of
from escher.contract.plan import Operation
from escher.contract.ports import Reading
from escher.contract.vocabulary import worst

MOST_OPERATIONS = 2_000
# What Google compares to what it has, so that nobody overwrites the change of another: it picks nothing and sets nothing.
_LOCKS = frozenset({"fingerprint", "labelFingerprint"})


class Findings:
    """Operations and problems, in the order in which they were met."""

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        # Each problem with whether it is the provider that would not take the call.
        self._problems: dict[tuple[int, str], bool] = {}

    def refuse(self, line: int, message: str) -> None:
        """Something that cannot be read for certain, or may not be done."""
        self._problems[line, message] = False

    def invalid(self, line: int, message: str) -> None:
        """Something that the provider does not have or would not take."""
        self._problems.setdefault((line, message), True)

    def call(self, line: int, spec: OperationSpec, parameters: Mapping[str, Any]) -> None:
        """A call of an operation; its parameters are checked against the provider's own declaration."""
        # To Google, null in a change stands for "no longer there", whatever the type.
        checked = _without_nulls(parameters) if spec.provider == "gcp" else parameters
        for problem in problems_of(spec, checked):
            self.invalid(line, f"{spec.service} {spec.operation}: {problem}")
        self._add(line, spec, parameters)

    def command(self, line: int, spec: CommandSpec, parameters: Mapping[str, Any]) -> None:
        """A command of a CLI whose options were checked as they were read."""
        self._add(line, spec, parameters)

    def _add(self, line: int, spec: OperationSpec | CommandSpec, parameters: Mapping[str, Any]) -> None:
        if len(self._operations) >= MOST_OPERATIONS:
            self.refuse(line, f"it makes more than {MOST_OPERATIONS} calls")
            return
        effect = effect_of(spec.service, spec.operation, parameters, spec.provider)
        if effect != "read" and has_unknown(_telling(parameters)) and not any(at == line for at, _ in self._problems):
            self.refuse(line, f"{spec.service} {spec.operation}: what it acts on is known only when the script runs")
        operation = Operation(
            provider=spec.provider,
            service=spec.service,
            operation=spec.operation,
            parameters=dict(parameters),
            effect=effect,
        )
        # Whoever waits asks the same again and again.
        if effect != "read" or self._operations[-1:] != [operation]:
            self._operations.append(operation)

    def reading(self) -> Reading:
        """The verdict: the worst effect, or `unknown` when there is any problem."""
        worst_part = worst(operation.effect for operation in self._operations)
        return Reading(
            effect="unknown" if self._problems else worst_part,
            operations=tuple(self._operations),
            problems=tuple(self._problems),
            invalid=bool(self._problems) and all(self._problems.values()),
        )


def _telling(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters without what is only compared."""
    body = parameters.get("body")
    if not isinstance(body, Mapping):
        return dict(parameters)
    members = cast("Mapping[str, Any]", body)
    return {**parameters, "body": {name: value for name, value in members.items() if name not in _LOCKS}}


def _without_nulls(node: Any) -> Any:
    if isinstance(node, Mapping):
        members = cast("Mapping[str, Any]", node)
        return {name: _without_nulls(value) for name, value in members.items() if value is not None}
    return node
