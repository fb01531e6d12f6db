"""Ten thousand single changes to an approved plan, to what is stored of it and to the world around it: none runs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.contract.marks import Mark
from escher.contract.plan import Plan
from escher.contract.policy import Policy
from escher.errors import ApprovalError, ApprovalUsed, CredentialError, EscherError, MissingDependency, PolicyDenied
from escher.store.operations import OPERATIONS
from escher.store.records import Record
from tests.approval.conftest import FakeAws, House, instance, opened

CHANGES = 10_000
A_PLAN = 50
"""So many changes are tried on one approved plan, which must then still run as it was approved."""
TYPED = (ApprovalError, PolicyDenied, CredentialError, MissingDependency)
ELSEWHERE = timedelta(seconds=11)


@dataclass
class Trial:
    """An approved plan in its house, and a source of chance."""

    house: House
    tools: Path
    chance: random.Random
    number: int = 0

    def approve(self) -> Plan:
        """A new plan on two targets, shown and approved."""
        self.number += 1
        targets = (instance(1), instance(2))
        draft = self.house.draft(*targets).model_copy(update={"plan_id": f"plan-{self.number}"})
        plan = self.house.approvals.show(draft, targets)
        self.house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
        return plan


Change = Callable[[Trial, Plan], Iterator[str]]
_changes: list[tuple[int, Callable[..., Any]]] = []


def change(weight: int) -> Callable[[Change], Change]:
    """Declare a kind of change, how often it is tried, and that it takes itself back."""

    def declare(make: Change) -> Change:
        _changes.append((weight, contextmanager(make)))
        return make

    return declare


@change(8)
def _a_stored_plan(trial: Trial, plan: Plan) -> Iterator[str]:
    yield from _record(trial, f"plan:{plan.plan_id}")


@change(4)
def _a_stored_approval(trial: Trial, plan: Plan) -> Iterator[str]:
    yield from _record(trial, f"approval:{plan.plan_id}")


@change(4)
def _a_byte_of_a_script(trial: Trial, plan: Plan) -> Iterator[str]:
    def edit(body: dict[str, Any]) -> str:
        step = trial.chance.choice(body["plan"]["steps"])
        call = step["rollback"] if step["rollback"] and trial.chance.random() < 0.5 else step
        call["script"] = _another_text(call["script"], trial.chance)
        return "a byte of a script"

    yield from _edited(trial, f"plan:{plan.plan_id}", edit)


@change(4)
def _an_argument(trial: Trial, plan: Plan) -> Iterator[str]:
    def edit(body: dict[str, Any]) -> str:
        step = trial.chance.choice(body["plan"]["steps"])
        step["arguments"] = _another(step["arguments"], trial.chance)
        return "an argument"

    yield from _edited(trial, f"plan:{plan.plan_id}", edit)


@change(4)
def _where_it_acts(trial: Trial, plan: Plan) -> Iterator[str]:
    def edit(body: dict[str, Any]) -> str:
        name = trial.chance.choice(("targets", "account_id", "region", "environment"))
        step = trial.chance.choice(body["plan"]["steps"])
        step[name] = _another(step[name], trial.chance)
        return f"the plan's {name}"

    yield from _edited(trial, f"plan:{plan.plan_id}", edit)


@change(2)
def _an_approval_of_another_plan(trial: Trial, plan: Plan) -> Iterator[str]:
    def edit(body: dict[str, Any]) -> str:
        body["approved"]["nonce"] = f"{trial.chance.getrandbits(128):032x}"
        return "another nonce"

    yield from _edited(trial, f"approval:{plan.plan_id}", edit)


@change(3)
def _a_target_as_scanned(trial: Trial, plan: Plan) -> Iterator[str]:
    one = instance(trial.chance.choice((1, 2)))
    trial.house.estate[one.resource_id] = _another_resource(one, trial.chance)
    yield "a target in the estate"
    trial.house.estate[one.resource_id] = one


@change(3)
def _a_target_in_the_cloud(trial: Trial, plan: Plan) -> Iterator[str]:
    one = instance(trial.chance.choice((1, 2)))
    trial.house.cloud[one.resource_id] = _another_resource(one, trial.chance)
    trial.house.now += ELSEWHERE
    yield "a target in the cloud"
    trial.house.now -= ELSEWHERE
    trial.house.cloud.clear()


@change(1)
def _a_target_is_gone(trial: Trial, plan: Plan) -> Iterator[str]:
    one = instance(trial.chance.choice((1, 2)))
    trial.house.gone.add(one.resource_id)
    trial.house.now += ELSEWHERE
    yield "a target is gone"
    trial.house.now -= ELSEWHERE
    trial.house.gone.clear()


@change(2)
def _the_account(trial: Trial, plan: Plan) -> Iterator[str]:
    before, word = trial.house.account, f"x{trial.chance.getrandbits(16)}"
    name = trial.chance.choice(("profile", "role_arns", "regions", "partition", "proxy", "ca_bundle", "endpoint_url"))
    trial.house.account = replace(before, **{name: (word,) if name in ("role_arns", "regions") else word})
    yield "how an account is reached"
    trial.house.account = before


@change(1)
def _the_identity(trial: Trial, plan: Plan) -> Iterator[str]:
    before = FakeAws.principal
    FakeAws.principal = _another_text(before, trial.chance)
    trial.house.now += ELSEWHERE
    yield "who the credentials are"
    trial.house.now -= ELSEWHERE
    FakeAws.principal = before


@change(2)
def _the_policy(trial: Trial, plan: Plan) -> Iterator[str]:
    options: list[dict[str, Any]] = [
        {"many_targets": trial.chance.randint(6, 10_000)}, {"type_from": "high"}, {"presence": "os"},
        {"protected_environments": ("prod",)},
    ]  # fmt: skip
    trial.house.policy = Policy(**trial.chance.choice(options))
    yield "the policy"
    trial.house.policy = Policy()


@change(1)
def _a_mark(trial: Trial, plan: Plan) -> Iterator[str]:
    trial.house.marks.append(Mark("protect", f"id:{instance(trial.chance.choice((1, 2))).identifier}"))
    yield "a protection"
    trial.house.marks.clear()


@change(2)
def _a_program(trial: Trial, plan: Plan) -> Iterator[str]:
    tool = trial.tools / "python"
    before = tool.read_bytes()
    at = trial.chance.randrange(len(before))
    tool.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
    yield "a byte of a program"
    tool.write_bytes(before)


@change(1)
def _the_sandbox(trial: Trial, plan: Plan) -> Iterator[str]:
    trial.house.sandbox = "bubblewrap"
    yield "the sandbox"
    trial.house.sandbox = "process_group"


@change(1)
def _the_clock_back(trial: Trial, plan: Plan) -> Iterator[str]:
    far = timedelta(seconds=trial.chance.randint(301, 10**8))
    trial.house.now -= far
    yield "the clock back"
    trial.house.now += far


def _record(trial: Trial, key: str) -> Iterator[str]:
    def edit(body: dict[str, Any]) -> str:
        node: Any = body
        path = [key.partition(":")[0]]
        while True:
            names = list(node) if isinstance(node, dict) else list(range(len(node)))
            name = trial.chance.choice(names)
            path.append(str(name))
            if not isinstance(node[name], dict | list) or not node[name] or trial.chance.random() < 0.1:
                node[name] = _another(node[name], trial.chance)
                return ".".join(path)
            node = node[name]

    yield from _edited(trial, key, edit)


def _edited(trial: Trial, key: str, edit: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    """Change one place of an unsealed record, and put the record back afterwards."""
    store = trial.house.store
    with store.transaction() as within:
        record = within.get(OPERATIONS, key)
        assert record is not None
        body = _copied(record.body)
        what = edit(body)
        assert body != record.body, what
        within.put(OPERATIONS, Record(key, body))
    yield what
    with store.transaction() as within:
        within.put(OPERATIONS, record)


def _another(value: Any, chance: random.Random) -> Any:
    """The value with one thing in it changed."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + chance.choice((-1, 1, 7))
        case str():
            return _another_text(value, chance)
        case None:
            return chance.choice((0, "", "x", {}, False))
        case list():
            kept = [*value]
            if kept and chance.random() < 0.7:
                at = chance.randrange(len(kept))
                kept[at : at + 1] = chance.choice(([], [kept[at], kept[at]], [_another(kept[at], chance)]))
                return kept
            return [*kept, chance.choice(kept) if kept else "x"]
        case _:
            name = chance.choice(list(value)) if value and chance.random() < 0.7 else ""
            if name and chance.random() < 0.5:
                return {**value, name: _another(value[name], chance)}
            return {key: one for key, one in value.items() if key != name} if name else {**value, "x": "y"}


def _another_text(text: str, chance: random.Random) -> str:
    """The text with one byte of it flipped, added or left out."""
    at, letter = chance.randrange(len(text) + 1), chr(chance.randint(33, 126))
    after = text[:at] + chance.choice((letter + text[at:], letter + text[at + 1 :], text[at + 1 :]))
    return after if after != text else f"{text}{letter}"


def _another_resource(one: Resource, chance: random.Random) -> Resource:
    changes: list[dict[str, Any]] = [
        {"state": chance.choice(("stopped", "pending", "deleted"))}, {"tags": {"env": chance.choice(("prod", "de", "Dev"))}},
        {"tags": {}}, {"tags": {**one.tags, _another_text("k", chance): "v"}}, {"name": _another_text(one.name, chance)},
        {"region": "eu-west-1"}, {"account_id": "999988887777"}, {"managed_by": "terraform"},
        {"attributes": {"created_at": chance.randint(1, 10**9)}}, {"identifier": _another_text(one.identifier, chance)},
    ]  # fmt: skip
    return replace(one, **chance.choice(changes))


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(value) for value in node] if isinstance(node, list | tuple) else node


def _is_refused(house: House, plan: Plan, run_id: str) -> str:
    """The code of the refusal; fails for a run, or for a failure that is none of ours."""
    try:
        house.approvals.consume(plan.plan_id, run_id)
    except TYPED as refusal:
        return refusal.code
    except EscherError as refusal:
        pytest.fail(f"refused as {type(refusal).__name__}: {refusal}")
    return ""


@pytest.mark.campaign
def test_no_single_change_runs(
    tmp_path: Path, campaign: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    """Each is refused with a typed error; the plan itself then runs as approved, once, and never again."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python").write_bytes(b"#!not-a-program\n" + bytes(range(256)))
    weights, makers = [weight for weight, _ in _changes], [make for _, make in _changes]
    left, codes = campaign(CHANGES), Counter[str]()
    with opened(tmp_path / "home", lambda name: str(tools / name)) as house:
        trial = Trial(house, tools, random.Random(6))
        while left:
            plan, some = trial.approve(), min(left, A_PLAN)
            for number in range(some):
                (make,) = trial.chance.choices(makers, weights)
                with make(trial, plan) as what:
                    code = _is_refused(house, plan, f"changed-{number}")
                assert code, f"{what}: it ran"
                codes[code] += 1
            left -= some
            assert house.approvals.consume(plan.plan_id, "as-approved").plan == plan
            with pytest.raises(ApprovalUsed):
                house.approvals.consume(plan.plan_id, "replayed")
    record_property("refusals", dict(codes))
    assert len(codes) >= 3


@pytest.mark.campaign
def test_no_clock_runs_an_expired_approval(tmp_path: Path, campaign: Callable[[int], int]) -> None:
    """Forwards past its end it is refused, and so it is afterwards wherever the clock is set back to."""
    with opened(tmp_path) as house:
        trial = Trial(house, tmp_path, random.Random(7))
        for _ in range(campaign(500)):
            plan, now = trial.approve(), house.now
            house.now = now + timedelta(minutes=15, seconds=trial.chance.randint(0, 10**6))
            assert _is_refused(house, plan, "forwards") == "stale_approval"
            house.now = now + timedelta(seconds=trial.chance.randint(-(10**6), 899))
            assert _is_refused(house, plan, "back") == "stale_approval"
            house.now = now + timedelta(days=30)
