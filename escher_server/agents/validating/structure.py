"""Is a filled playbook whole: its references, its placeholders, its chains, its values, what it is meant for? Pure.

The contract has checked each field by then; here is what only shows when the parts are laid side by side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from escher.contract.plan import PlanTemplate
from escher.contract.playbook import JsonArgument, Playbook, ScriptCall
from escher.contract.references import DEEPEST, reference_findings
from escher.contract.understanding import Parameter, Selector
from escher.scripts.playbook_scripts import calls

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_TARGET = re.compile(
    r"target\.(?:identifier|resource_id|name|region|zone|account_id|resource_type|state|tags"
    r"|(?:attributes|tags)\.[A-Za-z0-9_:-]+|tags\[playbook\.([a-z0-9_]+)\])"
)
_PLAN = frozenset({"plan.id", "plan.date", "plan.token"})
_ELSEWHERE = re.compile(r"(?:file|fileb|https?|s3|gs)://|@", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_ENDED = frozenset({"failed", "suspended", "archived", "deleted"})


def structure_problems(template: PlanTemplate, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Sentences about what does not fit together. `known` are the playbooks there are, with what they depend on."""
    playbook = template.playbook
    if playbook.metadata.status in _ENDED:
        yield f"The playbook is {playbook.metadata.status}, so nothing is planned with it."
    yield from _order(playbook)
    yield from _chains(playbook)
    yield from _placeholders(playbook)
    yield from _languages(playbook)
    if playbook.metadata.depends_on:
        yield from (f"The playbook does not hold together: {one}." for one in reference_findings(playbook, known))
    yield from _values(template)
    yield from _subject(template)


def _order(playbook: Playbook) -> Iterator[str]:
    numbers = [step.step_number for step in playbook.orchestration.steps]
    if numbers != sorted(set(numbers)):
        yield "The playbook's steps are not numbered one after the other, so their order is not clear."


def _chains(playbook: Playbook) -> Iterator[str]:
    """`otherwise` after `otherwise` ends soon, and never comes back to where it was."""
    for step in playbook.orchestration.steps:
        for start in (step, step.rollback):
            seen: list[str] = []
            call: ScriptCall | None = start
            while call is not None:
                seen.append(f"{call.script_ref.script_id}@{call.script_ref.version} {_text(call)}")
                call = call.otherwise
            if len(set(seen)) < len(seen):
                yield f"Step {step.step_number} calls itself again where it should do something else."
            elif len(seen) > DEEPEST:
                yield f"Step {step.step_number} has {len(seen)} ways, one within the other, and {DEEPEST} are the most."


def _placeholders(playbook: Playbook) -> Iterator[str]:
    declared = {spec.name for spec in playbook.parameters}
    for step, call in calls(playbook.orchestration):
        if not all(_stands_for_something(name, declared) for name in _PLACEHOLDER.findall(_text(call))):
            yield f"Step {step.step_number} uses a value that nothing gives."


def _stands_for_something(name: str, declared: set[str]) -> bool:
    target = _TARGET.fullmatch(name)
    if target:
        return target[1] is None or target[1] in declared
    space, _, rest = name.partition(".")
    return name in _PLAN or (space == "playbook" and rest in declared)


def _text(call: ScriptCall) -> str:
    """All that a call is given, as one text."""
    parts = [one.json_ if isinstance(one, JsonArgument) else one for one in call.arguments]
    return json.dumps([parts, list(call.needs)], ensure_ascii=False)


def _languages(playbook: Playbook) -> Iterator[str]:
    for key, script in playbook.scripts.items():
        metadata = script.metadata
        if key != f"{metadata.script_id}@{metadata.version}":
            yield "A script stands under another one's name."
        if set(script.code) != set(metadata.available_types) or metadata.default_type not in script.code:
            yield f"The script {metadata.script_id} does not come in the languages that it names."


def _values(template: PlanTemplate) -> Iterator[str]:
    specs = {spec.name: spec for spec in template.playbook.parameters}
    for name in sorted({*template.parameters, *template.missing} - set(specs)):
        yield f"The playbook takes no {name.replace('_', ' ')}."
    for name, given in template.parameters.items():
        if name in specs and _is_hostile(given):
            yield f"The {name.replace('_', ' ')} is no plain value: no file, address or hidden character may be given."


def _is_hostile(given: Parameter) -> bool:
    value = given.value
    return isinstance(value, str) and (_ELSEWHERE.match(value) is not None or _CONTROL.search(value) is not None)


def _subject(template: PlanTemplate) -> Iterator[str]:
    wanted, types = template.selector.resource_types, template.playbook.orchestration.targets.resource_types
    if wanted and not set(wanted) & set(types):
        yield "The playbook is for other things than those that are meant."
    if _means_anything(template.selector):
        yield "It is not said what it should act on."


def _means_anything(selector: Selector) -> bool:
    return selector == Selector(quantity=selector.quantity, limit=selector.limit, words=selector.words)
