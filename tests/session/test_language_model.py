"""A session whose own server has a language model: it works as without, and says whose model sees the questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from escher.session.session import Session
from escher.session.wiring import assemble
from escher.settings import Settings
from tests.approval.conftest import ACCOUNT, instance
from tests.server.models.failing_provider import Provider, provider


@pytest.fixture
def down() -> Iterator[Provider]:
    """A provider of models that is down."""
    with provider(500, b"down") as this:
        yield this


@pytest.fixture
def session(settings: Settings, down: Provider) -> Iterator[Session]:
    """A session over one instance, with that provider."""
    parts = assemble(replace(settings, llm="openai-compatible:any", llm_url=down.url))
    parts.estate.upsert([instance(1)])
    parts.estate.put_account(ACCOUNT)
    with Session(parts) as opened:
        yield opened


def test_the_first_reply_says_whose_model_sees_the_questions(session: Session) -> None:
    """Once a session, in the reply's text."""
    told = ["language model of **127.0.0.1**" in session.ask("which instances are running?").text for _ in range(2)]
    assert told == [True, False]


def test_a_model_that_is_down_changes_no_answer(session: Session, down: Provider) -> None:
    """It is asked about what the rules cannot read, and their question back is the reply."""
    reply = session.ask("tja, die Rechner")
    assert down.bodies and reply.clarification is not None and reply.plan is None
