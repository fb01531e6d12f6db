"""A count that the server asks for is shown here first, and goes along with the next question only."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from escher.session.session import Session
from escher.session.wiring import assemble
from escher.settings import Settings
from tests.approval.conftest import ACCOUNT, instance

QUESTION = "compare the dev and prod instances"


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session with nine instances of dev and three of prod in its estate."""
    parts = assemble(settings)
    parts.estate.upsert([instance(number) for number in range(10, 19)])
    parts.estate.upsert([instance(number, tags={"env": "prod"}) for number in range(20, 23)])
    parts.estate.put_account(ACCOUNT)
    with Session(parts) as opened:
        yield opened


def test_a_count_is_shown_before_it_leaves(session: Session) -> None:
    """The first context holds no count; the reply shows one; the next context holds exactly that."""
    before = json.loads(session.context(QUESTION))["data_result"]
    reply = session.ask(QUESTION)
    shown = next(one for one in reply.components if one["id"] == "told-1")
    after = json.loads(session.context(QUESTION))["data_result"]
    assert before == []
    assert shown["data"]["rows"] == [{"environment": "dev", "region": "us-east-1", "at_least": 5}]
    assert after[0]["rows"] == [{"values": ["dev", "us-east-1"], "at_least": 5}]


def test_the_server_says_what_it_was_told(session: Session) -> None:
    """With the count, the answer to the same question names where most are."""
    first, second = session.ask(QUESTION), session.ask(QUESTION)
    assert "at least: 5 in dev, us-east-1" not in first.text
    assert "at least: 5 in dev, us-east-1" in second.text
    assert not [one for one in second.components if one["id"] == "told-1"]
