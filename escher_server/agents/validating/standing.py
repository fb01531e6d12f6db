"""What the context says against a plan: the policy's hints, rights that are known to be missing, states that do not fit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from escher.contract.context import AliasedResource, RequestContext
from escher.contract.plan import Operation, PlanTemplate
from escher.contract.vocabulary import Action

# An act whose calls do this is refused where the policy refuses this, whatever it calls itself.
_ALSO: tuple[tuple[str, Action], ...] = (("destroy", "delete"),)


def standing_problems(
    template: PlanTemplate, operations: Sequence[Operation], meant: Sequence[AliasedResource], context: RequestContext
) -> Iterator[str]:
    """Sentences about what is not allowed: by the policy, or by the provider."""
    action = template.playbook.metadata.action
    for refused in dict.fromkeys((action, *(also for effect, also in _ALSO if _does(effect, operations)))):
        if refused in context.blocked_actions:
            yield f"Your policy does not allow **{_plain(refused)}**."
    denied = dict.fromkeys(one.alias for one in meant if action in one.denied)
    if denied and all(action in one.denied for one in meant):
        yield f"Your permissions do not allow **{_plain(action)}** for {', '.join(denied)}."


def wrong_states(template: PlanTemplate, meant: Sequence[AliasedResource]) -> Iterator[str]:
    """A sentence when everything that is named stands in a state that the playbook is not for."""
    targets = template.playbook.orchestration.targets
    fitting = targets.require.states
    there = [one for one in meant if one.resource_type in targets.resource_types]
    if fitting and there and all(one.state not in fitting for one in there):
        names = ", ".join(dict.fromkeys(one.alias for one in there))
        states = " or ".join(sorted({_plain(one.state) for one in there}))
        yield f"There is nothing to do for {names}, in state {states}."


def _does(effect: str, operations: Sequence[Operation]) -> bool:
    return any(one.effect == effect for one in operations)


def _plain(word: str) -> str:
    return word.replace("_", " ")
