"""What asks is never an order, and what is unclear is asked back about."""

from __future__ import annotations

import time

import pytest

from escher.contract.context import LIMIT_PROMPT
from tests.server.understanding.conftest import asked_back, read


@pytest.mark.parametrize(
    "prompt",
    [
        "how do I stop r1001?", "which instances could I stop?", "what would happen if I deleted r1003?",
        "can I stop r1001?", "should I stop r1001",
        "is it safe to delete r1004?", "don't stop anything, just list the dev instances",
        "if I stopped r1001, what breaks?", "who stopped r1001?",
        "explain how to stop r1001", "show me what stop would do", "list the instances to be stopped",
        "why was r1001 stopped", "is r1001 stopped?",
        "has anyone deleted r1004?", "tell me how to stop r1001 and delete r1004", "what does \"stop r1001\" do?",
        "reboot history of r1001",
        "can you tell me which instances to stop?", "I want to know how to stop r1001",
        "could you explain what happens when I stop r1001 and start it again?",
    ],
)  # fmt: skip
def test_a_question_is_answered_and_plans_nothing(prompt: str) -> None:
    """Not an operation, and nothing to ask back."""
    understood, asked = read(prompt)
    assert understood.class_ != "operation"
    assert asked is None


@pytest.mark.parametrize(
    "prompt",
    [
        "r1001 should be stopped", "I was told to stop r1001", "my boss wants me to stop r1001",
        "he said stop r1001", "r1001 reboot", "stop r1001?",
        "if r1001 is idle, stop it", "stop r1001 when the backup is done", "stop r1001 as long as nobody uses it",
        "never stop r1001", "do not stop r1001",
        "according to the runbook, stop r1001", "should we stop r1001? stop r1001", "we could stop r1001",
        "I want to stop r1001 but I'm not sure how",
        "stopping r1001", "step 3: stop r1001",
    ],
)  # fmt: skip
def test_what_may_be_an_order_is_asked_back_about(prompt: str) -> None:
    """In doubt it is a question with a question back, never an operation."""
    understood, _ = read(prompt)
    assert asked_back(prompt).question
    assert understood.class_ == "query"


@pytest.mark.parametrize(
    ("prompt", "asks"),
    [
        ("kill r1001", "stop or delete"), ("stop r1001 and delete r1004", "more than one change"),
        ("stop r1001 or r1002", "Which of them"),
        ("stop it", "Which resources"), ("stop the server", "Which instances"),
        ("delete everything", "everything you own"), ("stop dev", "Which kind"),
        ("stop idle instances", "idle"), ("delete old snapshots", "How old"),
        ("stop some dev servers", "do not pick"), ("stop all r2001", "a group too"),
        ("delete the snapshots of r1004", "belong to"), ("stop dev instances with public IPs", "belong to"),
        ("stop dev instances with high cpu", "not understand"),
        ("stop the dev instances we talked about", "not understand"),
        ("encrypt the public private buckets", "contradict"),
        ("stop all dev instances except spot instances", "contradict"),
        ("stop dev instances that have no backups", "belong to"),
        ("tag r1001 with owner=x and team=y", "one tag"), ("resize r1001 to potato", "not understand"),
        ("fix everything", "could not tell"),
        ("", "could not tell"), ("???", "could not tell"), ("停止所有实例", "only understand English"),
        ("arrête les instances", "only understand English"),
    ],
)  # fmt: skip
def test_an_order_that_would_mean_more_than_was_said_is_asked_back_about(prompt: str, asks: str) -> None:
    """Every word that narrows and cannot be decided stops the plan, with a question that says why."""
    assert asks in asked_back(prompt).question


@pytest.mark.parametrize(
    ("prompt", "class_", "action"),
    [
        ("how many dev instances are there?", "query", "count"), ("compare r1001 with r1002", "query", "compare"),
        ("show me r1001", "query", "show"),
        ("list all buckets", "query", "list"), ("what does rightsizing mean?", "query", "explain"),
        ("how can we cut costs?", "recommendation", "recommend"),
        ("why did the backup fail?", "troubleshooting", "diagnose"),
        ("r1001 is not responding", "troubleshooting", "diagnose"),
        ("cost report for December", "report", "report"),
        ("create a playbook to rotate keys", "playbook_generation", "create"),
        ("public buckets in us-east-1", "query", "list"),
    ],
)  # fmt: skip
def test_questions_have_their_class_and_action(prompt: str, class_: str, action: str) -> None:
    """Queries, advice, trouble, reports and playbooks to be written."""
    understood, asked = read(prompt)
    assert (understood.class_, understood.action, asked) == (class_, action, None)


def test_a_question_about_a_named_thing_does_not_filter_by_the_state_asked_for() -> None:
    """`is web-1 running?` wants to see web-1 in any state."""
    understood, _ = read("is r1001 running?")
    assert understood.filters.names == ("r1001",)
    assert understood.filters.states == ()
    assert read("which instances are running?")[0].filters.states == ("running",)


def test_the_same_request_is_always_understood_the_same() -> None:
    """Rules, no chance."""
    prompts = ("stop all dev instances except r1001", "which buckets are public?", "kill r1001")
    assert [read(prompt) for prompt in prompts] == [read(prompt) for prompt in prompts]


def test_a_request_is_understood_within_milliseconds() -> None:
    """At most 5 ms for a sentence; four thousand characters of noise stay below a tenth of a second."""
    assert (
        min(_seconds("please stop all dev EC2 instances in us-east-1 except r1001 and tell me") for _ in range(5))
        < 0.005
    )
    for noise in (
        "stop ",
        "and stop r1001 ",
        "turn ",
        "if when ",
        '"',
        "x-",
        "my is ",
        "tag k = v ",
        "\n",
        "(",
        "r1001 ",
    ):
        assert min(_seconds((noise * LIMIT_PROMPT)[:LIMIT_PROMPT]) for _ in range(2)) < 0.1, noise


def _seconds(prompt: str) -> float:
    begun = time.perf_counter()
    assert read(prompt)
    return time.perf_counter() - begun
