"""A playbook's parameters: resolved from aliases, checked against their rules, asked for when missing. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from escher.contract.plan import PlanTemplate
from escher.contract.playbook import ParameterSpec
from escher.contract.ports import Resolver
from escher.contract.understanding import Clarification, Parameter
from escher.procedures.bind import Value


def settle(template: PlanTemplate, resolver: Resolver) -> tuple[dict[str, Value], Clarification | None]:
    """Every parameter's value, or the one question to ask about the first that is missing or wrong."""
    values: dict[str, Value] = {}
    for spec in template.playbook.parameters:
        value = _value(spec, template.parameters, resolver)
        if value is None and spec.required:
            return {}, Clarification(question=spec.prompt, choices=spec.validation.options)
        problem = "" if value is None else _problem(spec, value)
        if problem:
            return {}, Clarification(question=problem, choices=spec.validation.options)
        values[spec.name] = value
    return values, None


def _value(spec: ParameterSpec, given: Mapping[str, Parameter], resolver: Resolver) -> Value:
    parameter = given.get(spec.name)
    if parameter is None or parameter.value is None:
        return spec.default
    if isinstance(parameter.value, str):
        return resolver.value(parameter.value)
    return parameter.value


def _problem(spec: ParameterSpec, value: Value) -> str:
    rule = spec.validation
    told = rule.error_message or f"{spec.name} cannot be {value!r}: {spec.description}"
    if rule.options and str(value) not in rule.options:
        return told
    if rule.pattern and not re.fullmatch(rule.pattern, str(value)):
        return told
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = rule.minimum, rule.maximum
        return told if (low is not None and value < low) or (high is not None and value > high) else ""
    return ""
