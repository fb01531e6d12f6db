"""Questions never become plans, and orders come down to what they name: 200 of each on the demo estate, whole answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from escher.contract.estate import Resource
from escher.contract.reply import Reply
from escher.session.session import Session
from escher.session.wiring import assemble
from escher.settings import load_settings
from tests.fixtures import language
from tests.product.conftest import Demo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]
NUMBER = 200


@pytest.fixture(scope="module")
def session(demo: Demo) -> Iterator[Session]:
    """A session of this process on the scanned demo estate."""
    with Session(assemble(load_settings(demo.environment))) as opened:
        yield opened


@pytest.fixture(scope="module")
def instances(session: Session) -> list[Resource]:
    """The EC2 instances that are still there, so that a verb of power fits each name, and what bears such a name elsewhere."""
    known = session._parts.estate.snapshot().resources.values()
    there = [one for one in known if one.kind == "compute_instance" and one.state in ("running", "stopped")]
    names = {one.name for one in there if one.provider == "aws"}
    return [one for one in there if one.name in names]


def test_200_questions_yield_no_plan(session: Session, instances: list[Resource], demo: Demo) -> None:
    """How-to, which-could, what-if, don't, reports and the rest, over the estate's own names; the cloud stays as it is."""
    before = demo.instances("us-east-1")
    planned = [
        request.text for request in language.questions(instances, NUMBER, seed=2026) if session.ask(request.text).plan
    ]
    assert planned == []
    assert demo.instances("us-east-1") == before


def test_200_orders_find_their_target_or_ask(session: Session, instances: list[Resource]) -> None:
    """A clear name gives its target, wherever the verb fits it; a shared or unknown one is asked about, never chosen."""
    bearers: dict[str, list[Resource]] = defaultdict(list)
    for one in instances:
        bearers[one.name].append(one)
    wrong = [
        f"{request.text} -> {reply.text}"
        for request in language.orders(instances, NUMBER, seed=2027)
        if not _as_it_should(request, reply := session.ask(request.text), bearers[request.name])
    ]
    assert wrong == []


def _as_it_should(request: language.Request, reply: Reply, bearers: list[Resource]) -> bool:
    """Asked back: no plan, no target. Else all targets bear the name; a verb of power on one running bearer must hit it."""
    targets = {target.resource_id for target in reply.targets}
    if request.target != "clear":
        return bool(reply.clarification) and reply.plan is None and not targets
    if reply.understanding.action in ("stop", "reboot") and bearers[0].state == "running":
        return reply.plan is not None and targets == {bearers[0].resource_id}
    asked = reply.clarification is not None and reply.plan is None and not targets
    planned = reply.plan is not None and {target.name for target in reply.targets} == {request.name}
    return asked or planned
