"""Puts canaries into a store: into every field that a view takes a free text, list or mapping for, and raw into every field."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from escher.contract.audit import AuditEvent
from escher.contract.context import Digest
from escher.contract.estate import Account, Resource, Scope
from escher.contract.plan import Plan
from escher.contract.playbook import Metadata, Playbook
from escher.contract.runs import RunResult
from escher.ledger.ledger import Ledger
from escher.store.alerts import KINDS, AlertStore
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS, Field
from escher.store.estate import EstateStore
from escher.store.operations import OperationStore, run_record
from escher.store.playbooks import PlaybookStore
from escher.store.records import Record
from escher.store.reports import Report, ReportStore
from escher.store.vault import Store
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.store.canaries import Canaries

NOW = 1_700_000_000
TIME = "2026-01-02T03:04:05+00:00"
T = TypeVar("T")


def fill_raw(store: Store, canaries: Canaries) -> None:
    """One record a collection with a canary as its key and in every declared field, and a vector of its own."""
    for name, collection in COLLECTIONS.items():
        body: dict[str, Any] = {}
        for field, declared in collection.fields.items():
            part, _, inner = field.partition(".")
            value = _raw(declared, canaries)
            body[part] = body.get(part, {}) | ({inner: value} if inner else value) if part == "tags" else value
        vector = canaries.vector() if collection.dimension > 1 else None
        with store.transaction() as within:
            within.insert(name, Record(canaries.word(), body, vector))


def _raw(declared: Field, canaries: Canaries) -> Any:
    match declared.type:
        case "integer":
            return int(canaries.digits())
        case "list":
            return [canaries.text(), canaries.word()]
        case "object":
            return {canaries.word(): canaries.text(), "inner": {"list": [canaries.text()]}}
        case _:
            return canaries.text()


def fill_views(store: Store, canaries: Canaries, resources: int = 10) -> None:
    """Through every typed view, with a canary wherever its type admits one."""
    _fill_estate(store, canaries, resources)
    chat = ChatStore(store)
    context = canaries.word()
    chat.append(context, Digest(role="user", content=canaries.text()), NOW, {canaries.word(): canaries.text()})
    chat.note(context, canaries.text(), NOW)
    chat.update_context(context, NOW, title=canaries.text())
    ReportStore(store).add(filled(Report, canaries, report_type="cost", generated_at=NOW))
    for model in KINDS.values():
        AlertStore(store).add(filled(model, canaries), NOW)
    _fill_playbooks(store, canaries)
    plan = filled(Plan, canaries)
    result = filled(RunResult, canaries, status="failed", started_at=TIME, completed_at=TIME)
    OperationStore(store).add(run_record(result, plan, approver=canaries.text(), context_id=canaries.word()))
    with store.transaction() as within:
        within.put(
            "executed_operations",
            Record(f"plan:{plan.plan_id}", {"record": "plan", "plan": plan.model_dump(mode="json")}),
        )
    Ledger(store).append(filled(AuditEvent, canaries, type="started", at=TIME))


def _fill_estate(store: Store, canaries: Canaries, resources: int) -> None:
    estate = EstateStore(store)
    account = canaries.digits()
    estate.put_account(filled(Account, canaries, account_id=account))
    estate.put_scopes([filled(Scope, canaries)])
    made = [_instance(canaries, account) for _ in range(resources)]
    estate.upsert(made)
    estate.set_vectors({one.natural_key: (canaries.word(), canaries.vector()) for one in made})


def _instance(canaries: Canaries, account: str) -> Resource:
    """With a type, a place and an id as the cloud makes them: a question is asked about it, and a plan made for it."""
    identifier = canaries.instance()
    given: dict[str, Any] = {
        "account_id": account,
        "region": "us-east-1",
        "resource_type": "aws_ec2_instance",
        "service": "ec2",
        "identifier": identifier,
        "resource_id": f"arn:aws:ec2:us-east-1:{account}:instance/{identifier}",
        "state": "running",
        "last_synced": NOW,
    }
    return filled(Resource, canaries, **given)


def _fill_playbooks(store: Store, canaries: Canaries) -> None:
    """One of the library's, as its form is strict, with a canary in whatever is free in it."""
    real = next(iter(load(PACKAGED_LIBRARY).entries.values())).playbook
    own: dict[str, Any] = {
        "playbook_id": canaries.word(),
        "author": "user_custom",
        "name": canaries.text(),
        "description": canaries.text(),
        "purpose": canaries.text(),
        "use_cases": [canaries.text(), canaries.text()],
        "keywords": [canaries.word() for _ in range(5)],
        "prerequisites": [canaries.text()],
        "deprecation_reason": canaries.text(),
    }
    metadata = Metadata.model_validate(real.metadata.model_dump() | own)
    scripts = {name: _with_code(script, canaries) for name, script in real.scripts.items()}
    playbook = Playbook.model_validate(real.model_copy(update={"metadata": metadata, "scripts": scripts}))
    playbooks = PlaybookStore(store)
    playbooks.set_vectors({playbooks.put(playbook, NOW): canaries.vector()})


def _with_code(script: Any, canaries: Canaries) -> Any:
    return script.model_copy(update={"code": {language: f"# {canaries.text()}\n" for language in script.code}})


def filled(model: type[T], canaries: Canaries, **given: Any) -> T:
    """An instance of a model or dataclass with a canary in every field that takes one, unless its value is given."""
    hints = get_type_hints(model)
    names = model.model_fields if issubclass(model, BaseModel) else model.__dataclass_fields__  # type: ignore[attr-defined] a dataclass has them
    return model(**{name: given[name] if name in given else _value(hints[name], canaries) for name in names})


def _value(hint: Any, canaries: Canaries) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, BaseModel)):
        return filled(hint, canaries)
    if origin in (Union, types.UnionType):
        return _value(arguments[0], canaries)
    if origin is Literal:
        return arguments[0]
    if origin is not None and issubclass(origin, Mapping):
        return {canaries.word(): _value(arguments[1], canaries)}
    if origin is not None:
        return (_value(arguments[0], canaries),)
    return {str: canaries.word, Any: canaries.text, bool: lambda: True}.get(hint, lambda: 1)()
