"""The JSON Schema of every document (`escher contract --json`), from the models themselves."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from escher.contract import (
    audit,
    check,
    context,
    documents,
    events,
    messages,
    plan,
    playbook,
    policy,
    publication,
    reply,
    requests,
    runs,
    ui,
    understanding,
    vocabulary,
)

DOCUMENTS: dict[str, type[BaseModel]] = {
    "Reply": reply.Reply,
    "RequestContext": context.RequestContext,
    "Understanding": understanding.Understanding,
    "Selector": understanding.Selector,
    "Filters": understanding.Filters,
    "Parameters": understanding.Parameters,
    "Clarification": understanding.Clarification,
    "PlanTemplate": plan.PlanTemplate,
    "Plan": plan.Plan,
    "PlanRequest": requests.PlanRequest,
    "Playbook": playbook.Playbook,
    "Policy": policy.Policy,
    "PolicyAnswer": policy.PolicyAnswer,
    "PolicyVersion": policy.PolicyVersion,
    "PlaybookRow": publication.PlaybookRow,
    "PublishAnswer": publication.PublishAnswer,
    "Departure": publication.Departure,
    "Standing": publication.Standing,
    "AuditEntry": audit.AuditEntry,
    "Check": check.Check,
    "Verification": audit.Verification,
}
UNIONS: dict[str, Any] = {
    "Event": events.Event,
    "RunEvent": runs.RunEvent,
    "Component": ui.Component,
    "PageMessage": messages.PageMessage,
    "KernelMessage": messages.KernelMessage,
    "class": vocabulary.RequestClass,
    "action": vocabulary.Action,
    "kind": vocabulary.Kind,
    "risk": vocabulary.Risk,
    "effect": vocabulary.Effect,
    "state": vocabulary.State,
}


def schema() -> dict[str, Any]:
    """One JSON Schema (draft 2020-12) with a definition per model, and per document and union by its name.

    `commands` has the schema of what each command about the estate prints.
    """
    template = "#/$defs/{model}"
    _, whole = models_json_schema([(m, "validation") for m in DOCUMENTS.values()], ref_template=template)
    definitions: dict[str, Any] = dict(whole.get("$defs", {}))
    for name, union in UNIONS.items():
        part = TypeAdapter(union).json_schema(ref_template=template)
        definitions.update(part.pop("$defs", {}))
        definitions[name] = part
    commands: dict[str, Any] = {}
    for command, printed in documents.PRINTED.items():
        part = TypeAdapter(printed).json_schema(ref_template=template)
        definitions.update(part.pop("$defs", {}))
        commands[command] = part
    definitions["filters"] = {"$ref": "#/$defs/Filters"}
    definitions["parameters"] = {"$ref": "#/$defs/Parameters"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Escher",
        "$defs": dict(sorted(definitions.items())),
        "documents": sorted(DOCUMENTS),
        "commands": commands,
    }
