"""One case of the library done and undone as a user does it: planned, shown, approved and run, then `escher undo`."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from escher.approval.consent import Consent, local_user
from escher.contract.estate import GLOBAL, Account
from escher.contract.plan import Plan
from escher.contract.playbook import Playbook
from escher.contract.runs import RunEvent, RunResult, StepEnded
from escher.contract.vocabulary import Language
from escher.execution.engine import Engine
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Sighting, Unit
from escher.session.after_runs import read_again
from escher.session.undoing import plan_undo
from escher.session.wiring import Parts, assemble
from escher.store.vault import Store
from escher_server.library.cases import Case
from tests.server.case_cloud import REGION
from tests.server.case_runs import CaseCloud, plan_of
from tests.store.conftest import passphrase_settings

# What every change leaves behind whatever it does, and nobody can set back: when, by which operation, in which version.
_PASSING = re.compile(
    r"(?i)(^|[._-])(last_?synced|fingerprint|(meta)?generation|settingsversion|\w*fingerprint|etag|(\w*(time(stamp)?|_at|date|modified|changed|updated)))$|transitionreason"
)
# Azure takes a storage account that says nothing of these for one that says yes (its REST reference, StorageAccounts).
_ON_IN_SILENCE = {"allowSharedKeyAccess"}


@contextmanager
def case_parts(folder: Path) -> Iterator[Parts]:
    """The parts of a new session in this folder, with the keys that the demo's AWS takes for a case's account."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "case")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        settings = passphrase_settings(folder)
        Store.create(settings).close()
        with assemble(settings) as made:
            yield made


def done_and_undone(
    parts: Parts, playbook: Playbook, case: Case, language: Language, cloud: CaseCloud, region: str, number: int
) -> list[str]:
    """Do and undo one case; every difference between what the cloud says of the case's types before and after."""
    cloud.build(case)
    parts.estate.put_account(cloud.account)
    drafted = plan_of(playbook, case, language, cloud)
    found = cloud.read(case)
    parts.estate.upsert(list(found.values()))
    read_again(parts, drafted)
    targets = tuple(parts.resources()[found[name].resource_id] for name in case.targets)
    drafted = plan_of(playbook, case, language, cloud).model_copy(update={"plan_id": f"plan-{number}"})
    before = _answers(parts, case, cloud.account, region)
    done = run(parts, parts.approvals.show(drafted, targets))
    assert done.status == "completed", f"{done.summary} {done.error} {[one.output for one in done.steps]}"
    assert {name: cloud.observe(case, name, facts or {}) for name, facts in case.expected.items()} == case.expected
    assert _answers(parts, case, cloud.account, region) != before
    _settle(parts, drafted)
    undone = run(parts, plan_undo(parts, done.run_id)[0])
    assert undone.status == "completed", f"{undone.summary} {undone.error} {[one.output for one in undone.steps]}"
    return list(_differences(before, _answers(parts, case, cloud.account, region)))


def _settle(parts: Parts, plan: Plan) -> None:
    """Wait until no target is on its way any more: what changes under a plan voids it."""
    for _ in range(50):
        if all(one.state != "pending" for one in read_again(parts, plan)):
            return
        time.sleep(0.2)


def run(parts: Parts, plan: Plan, stop_after: str = "") -> RunResult:
    """Approve a plan, typing what it asks for, and run it; to its end, or until a step has ended."""
    typed = plan.confirmation[0] if plan.confirmation else ""
    parts.approvals.approve(Consent(local_user(), "terminal", plan.plan_id, plan.digest, typed))
    engine = Engine(parts.store, parts.ledger, parts.approvals, parts.access, parts.accounts)

    def stop(event: RunEvent) -> None:
        if isinstance(event, StepEnded) and event.step_id == stop_after:
            engine.cancel(event.run_id)

    return asyncio.run(engine.run(plan.plan_id, stop))


def _answers(parts: Parts, case: Case, account: Account, region: str) -> dict[str, Any]:
    """Everything of the case's types, as the cloud lists it and as a scan sees it, by what it is; lists in order."""
    types = sorted({thing.resource_type for thing in case.estate})
    return dict(pair for name in types for pair in asyncio.run(_seen(parts, account, region, name)))


async def _seen(parts: Parts, account: Account, region: str, name: str) -> list[tuple[str, Any]]:
    declared = resource_types()[name]
    everywhere = declared.reach == "global" or account.provider != "aws"
    unit = Unit(account, GLOBAL if everywhere else region, declared)
    source = parts.access.source(account.provider, Pacer(first_wait_s=0.01), time.time)
    try:
        await source.check(account)
        records = [record async for page in source.pages((unit,)) for record in page.records.get(unit, ())]
        sightings = [(record, await source.look(unit, record)) for record in records]
        return [_told(name, record, sighting) for record, sighting in sightings]
    finally:
        await source.close()


def _told(name: str, record: Mapping[str, Any], sighting: Sighting) -> tuple[str, Any]:
    assert sighting.resource is not None
    return f"{name} {sighting.resource.identifier}", _lasting({"record": record, "resource": asdict(sighting.resource)})


def _differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}, key=str):
            yield from _differences(before.get(key), after.get(key), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, f"{path}/{place}")
    elif before != after and not (_is_off(before) and _is_off(after)) and path.rpartition("/")[2] not in _ON_IN_SILENCE:
        yield f"{path}: {before!r} -> {after!r}"


def _lasting(value: Any) -> Any:
    """A value without what passes, and its lists in an order of their own."""
    if isinstance(value, Mapping):
        return {str(key): _lasting(item) for key, item in value.items() if not _PASSING.search(str(key))}
    if isinstance(value, list | tuple):
        return sorted(map(_lasting, value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def _is_off(value: Any) -> bool:
    """Clouds say that a thing is off in so many words once it was on, and leave it out before."""
    if isinstance(value, Mapping):
        return all(map(_is_off, value.values()))
    return value in (None, False, "", "false", "disabled", "Disabled", [], ())
