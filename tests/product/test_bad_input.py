"""What bad input gets: a clear sentence with the next move, a typed error, an exit code, and no change anywhere."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.product.conftest import Demo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]


def _elsewhere(demo: Demo, **environment: str) -> Demo:
    return replace(demo, environment=demo.environment | environment)


def test_without_a_store_every_command_says_how_to_make_one(demo: Demo, tmp_path: Path) -> None:
    """An empty home is no crash."""
    empty = _elsewhere(demo, ESCHER_HOME=str(tmp_path / "nothing"))
    for words in (("ask", "what runs?"), ("estate",), ("runs",), ("audit", "verify")):
        error = empty.escher(*words, code=1)["error"]
        assert error["code"] == "not_initialised"
        assert "escher init" in error["hint"]


def test_before_the_first_scan_a_question_says_to_scan(demo: Demo, tmp_path: Path) -> None:
    """An empty estate is told, not answered with nothing."""
    fresh = _elsewhere(demo, ESCHER_HOME=str(tmp_path / "fresh"))
    assert fresh.escher("init", "--no-accounts")["created"] is True
    error = fresh.escher("ask", "which instances are running?", code=1)["error"]
    assert error["code"] == "empty_estate"
    assert "escher scan" in error["hint"]


def test_without_credentials_an_account_is_not_added(demo: Demo, tmp_path: Path) -> None:
    """The provider has to confirm who the credentials are."""
    nobody = _elsewhere(
        demo, ESCHER_HOME=str(tmp_path / "fresh"), AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull
    )
    nobody.escher("init", "--no-accounts")
    error = nobody.escher("accounts", "add", "main", code=1)["error"]
    assert error["code"] == "no_credentials"
    assert error["hint"]
    assert nobody.escher("accounts", "list") == []


def test_a_stopped_server_is_said_to_be_stopped(demo: Demo) -> None:
    """A remote brain that is gone leaves everything else usable."""
    cut = _elsewhere(demo, ESCHER_SERVER="http://127.0.0.1:9")
    assert cut.escher("ask", "stop every dev instance", code=1)["error"]["code"] == "server_unavailable"
    assert cut.escher("estate", "--where", "kind = 'compute_instance'")


@pytest.mark.parametrize(
    "words",
    [("approve",), ("scan", "--type"), ("runs", "--limit", "many"), ("nonsense",), ("estate", "--where", "1; drop")],
)
def test_a_wrong_command_line_ends_with_2(demo: Demo, words: tuple[str, ...]) -> None:
    """Usage errors are JSON too, with the way to the help."""
    error = demo.escher(*words, code=2)["error"]
    assert error["code"] == "invalid_request"
    assert error["message"]


def test_an_unknown_plan_is_not_found(demo: Demo) -> None:
    """Approving or running what is not there changes nothing."""
    assert demo.escher("approve", "plan-none", "--digest", "0" * 64, code=1)["error"]["code"] == "not_found"
    assert demo.escher("run", "plan-none", code=1)[-1]["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "order", ["stop api", "stop no-such-thing-77", "stop i-0123456789abcdef0", "reboot the dev instances in us-west-1"]
)
def test_what_is_ambiguous_or_unknown_becomes_a_question(demo: Demo, order: str) -> None:
    """An ordinary answer: exit 0, a clarification, no plan and no target."""
    reply = demo.escher("ask", order)
    assert reply["clarification"]["question"]
    assert reply["plan"] is None
    assert reply["targets"] == []


def test_what_destroys_wants_the_words_typed(demo: Demo) -> None:
    """Exit 3 without them; with them, granted. Nothing is run here."""
    plan = demo.escher("ask", "delete all unattached volumes in us-west-2")["plan"]
    assert plan["effect"] == "destroy"
    assert plan["reversible"] is False
    missing = demo.escher("approve", plan["plan_id"], "--digest", plan["digest"], code=3)["error"]
    assert missing["code"] == "consent_missing"
    assert plan["confirmation"][0] in missing["message"]
    confirmed = demo.escher(
        "approve", plan["plan_id"], "--digest", plan["digest"], "--confirm", plan["confirmation"][0]
    )
    assert confirmed["approved"] is True
