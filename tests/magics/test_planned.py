"""A plan that a command made, in a notebook: its card waits for a click, and nothing has run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from escher.magics.planned import PlannedView
from escher.session.session import Session
from escher.session.wiring import assemble
from escher.settings import Settings
from escher.widgets.view import View
from tests.approval.conftest import ACCOUNT, instance
from tests.session.conftest import empty_home, settings
from tests.session.test_own_playbooks import Cloud

__all__ = ["empty_home", "settings"]


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session with one instance; only the cloud's identity is made up."""
    parts = assemble(settings)
    vars(parts)["access"] = Cloud()
    vars(parts)["look"] = lambda targets: parts.estate.snapshot().by_id
    parts.estate.upsert([instance(1)])
    parts.estate.put_account(ACCOUNT)
    with Session(parts) as opened:
        yield opened


def test_a_commands_plan_has_its_approve_button(session: Session) -> None:
    """Its steps and its confirmation are shown, under the digest that would be approved; no run was started."""
    plan = session.ask("stop web-dev-1").plan
    assert plan is not None
    view: View = vars(PlannedView(session, plan))["_view"]
    shown = {one["type"]: one for one in view.documents()}
    assert list(shown) == ["execution_plan", "confirmation_card"]
    assert shown["confirmation_card"]["data"]["digest"] == plan.digest
    assert session.run_results() == []
