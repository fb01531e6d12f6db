"""A playbook becomes a plan's template: the values that the request gave, the defaults, and what is missing. Pure."""

from __future__ import annotations

from escher.contract.plan import PlanTemplate
from escher.contract.playbook import ParameterSpec, Playbook
from escher.contract.understanding import Parameter, Understanding


def fill(playbook: Playbook, understanding: Understanding) -> PlanTemplate:
    """The playbook with what the request gave; what nobody gave stays empty and is named in `missing`."""
    filled: dict[str, Parameter] = {}
    missing: list[str] = []
    for spec in playbook.parameters:
        parameter = _parameter(spec, understanding)
        if parameter is not None:
            filled[spec.name] = parameter
        elif spec.required:
            missing.append(spec.name)
    selector = understanding.selector()
    if not selector.resource_types:
        selector = selector.model_copy(update={"resource_types": playbook.orchestration.targets.resource_types})
    return PlanTemplate(playbook=playbook, selector=selector, parameters=filled, missing=tuple(missing))


def _parameter(spec: ParameterSpec, understanding: Understanding) -> Parameter | None:
    given: Parameter | None = getattr(understanding.parameters, spec.name, None)
    if given is not None and given.value is not None:
        return given
    return None if spec.default is None else Parameter(value=spec.default, source="default")
