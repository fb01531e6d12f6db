"""What a request means together with the ones before it, and that it means nothing more than that."""

from __future__ import annotations

import pytest

from escher.contract.context import Digest, RequestContext
from escher.contract.understanding import Clarification, Understanding
from escher_server.agents.master import understand

Answer = tuple[Understanding, Clarification | None]


def talk(*turns: str) -> Answer:
    """The answer to the last turn of a conversation, with digests of the turns before."""
    history: tuple[Digest, ...] = ()
    answer: Answer | None = None
    for turn in turns:
        answer = understand(RequestContext(message_id="m1", client_version="1", prompt=turn, history=history))
        digest = f"{answer[0].class_}: {answer[0].action}; 3 matched."
        history = (
            *history,
            Digest(role="user", content=turn),
            Digest(role="assistant", content=digest, action=answer[0].action),
        )
    assert answer is not None
    return answer


def ordered(*turns: str) -> Understanding:
    """The last turn, which must be a clear order."""
    understood, asked = talk(*turns)
    assert (understood.class_, asked) == ("operation", None), asked
    assert 0.6 <= understood.confidence < 0.95
    return understood


STOPPED = "stop all dev EC2 instances in us-east-1"


@pytest.mark.parametrize(
    "again", ["and in eu-west-1", "the same in eu-west-1", "now for eu-west-1", "do the same for eu-west-1"]
)
def test_another_place_takes_the_place_of_the_one_before(again: str) -> None:
    """The action, the kind and the environment stay."""
    understood = ordered(STOPPED, again)
    assert (understood.action, understood.kinds, understood.filters.regions) == (
        "stop", ("compute_instance",), ("eu-west-1",),
    )  # fmt: skip
    assert understood.filters.environments == ("dev",)


def test_another_environment_name_or_cloud_takes_its_place_too() -> None:
    """A name leaves no condition of the turn before; another cloud none of its types."""
    assert ordered(STOPPED, "the same for staging").filters.environments == ("staging",)
    named = ordered(STOPPED, "and web-7").filters
    assert (named.names, named.environments, named.regions) == (("web-7",), (), ())
    moved = ordered(STOPPED, "and in westeurope")
    assert (moved.providers, moved.resource_types, moved.filters.regions) == ((), (), ("westeurope",))


def test_a_pronoun_means_what_was_spoken_of() -> None:
    """`start them again`: the same things, whose state has changed since; after a question, the things it asked for."""
    started = ordered(STOPPED, "and in eu-west-1", "now start them again")
    assert (started.action, started.filters.regions, started.resource_types) == (
        "start", ("eu-west-1",), ("aws_ec2_instance",),
    )  # fmt: skip
    assert ordered("stop the running dev instances", "start them").filters.states == ()
    tagged = ordered("which volumes are unattached in prod?", "tag them with owner=ana")
    assert (tagged.kinds, tagged.filters.attached, tagged.filters.environments) == (("disk",), False, ("prod",))
    assert tagged.parameters.tag_value is not None and tagged.parameters.tag_value.value == "ana"


def test_a_narrowing_is_added_to_what_was_asked_for() -> None:
    """`only the stopped ones`, `except web-7`."""
    understood, asked = talk("which instances are there in us-east-1?", "only the stopped ones")
    assert (understood.class_, understood.filters.states, understood.filters.regions, asked) == (
        "query", ("stopped",), ("us-east-1",), None,
    )  # fmt: skip
    assert ordered(STOPPED, "except web-7").filters.exclude[0].names == ("web-7",)
    assert ordered("stop the instances", "only dev").filters.environments == ("dev",)
    assert ordered("stop the instances", "the ones in us-east-1").filters.regions == ("us-east-1",)


def test_what_has_an_opposite_can_be_undone() -> None:
    """Starting for stopping; what has none is asked back about."""
    assert (ordered("stop web-1", "undo that").action, ordered("stop web-1", "undo that").filters.names) == (
        "start", ("web-1",),
    )  # fmt: skip
    understood, asked = talk("delete the volume data-1", "undo that")
    assert understood.class_ == "clarification"
    assert asked is not None and "no opposite" in asked.question


def test_a_question_that_goes_on_from_an_order_is_no_order() -> None:
    """`and in eu-west-1?` after an order is asked back about; after a question it is one."""
    understood, asked = talk(STOPPED, "and in eu-west-1?")
    assert understood.class_ == "query"
    assert asked is not None and "only want to know" in asked.question
    assert talk("which buckets are public?", "and in eu-west-1?")[1] is None


@pytest.mark.parametrize(
    "turns",
    [
        ("stop all dev instances", "how many buckets do we have?", "stop them"), ("kill web-1", "only web-1"),
        ("stop web-1 and delete data-1", "only data-1"), ("list instances", "stop them"), ("start them",), ("and in us-east-1",),
        ("resize web-1 to m5.large", "yes"), ("resize web-1 to m5.large", "go ahead"), (STOPPED, "the same for the old ones"),
    ],
)  # fmt: skip
def test_in_doubt_nothing_is_taken_over(turns: tuple[str, ...]) -> None:
    """No target, two actions, a judgement, or mere consent: never an order that can be planned."""
    understood, asked = talk(*turns)
    assert understood.class_ != "operation" or asked is not None


@pytest.mark.parametrize(
    "said", [STOPPED, "how many buckets are there?", "delete the snapshots older than 90 days", "fix it"]
)
def test_what_says_all_by_itself_is_not_changed_by_the_past(said: str) -> None:
    """With or without a history it is understood the same."""
    assert talk("stop all prod databases in eu-west-1", said) == talk(said)
