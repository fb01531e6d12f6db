"""The whole context: allow-listed fields, checked before it leaves, previewed byte for byte."""

from __future__ import annotations

import json
import time

import pytest

from escher.context import guard
from escher.context.aliases import Conversation
from escher.context.build import ContextBuilder
from escher.context.known import KnownWords
from escher.contract.context import LIMIT_PROMPT, Count, Digest
from escher.contract.estate import Resource
from escher.errors import ForbiddenContent, InvalidInput


def test_a_context_says_what_is_asked_and_of_what(builder: ContextBuilder) -> None:
    """Prompt, mentions, the thing itself and counts; resolved again with the conversation."""
    context, talk = builder.build("stop web-2 in us-east-1")
    [mention] = context.mentions
    assert context.prompt == f"stop {mention.alias} in us-east-1"
    assert talk.value(mention.alias) == "web-2"
    assert [(one.alias, one.kind, one.environment) for one in context.resources] == [
        (mention.alias, "compute_instance", "dev")
    ]
    assert context.summary.oldest_scan_hours == 1


def test_the_length_on_the_wire_is_a_size_class(builder: ContextBuilder) -> None:
    """Two questions of a little different length have the same number of bytes."""
    sizes = {len(builder.preview(f"list instances{' of ana' * n}")) for n in range(5)}
    assert sizes <= {2048, 4096}
    assert len(builder.preview("list")) == len(builder.preview("list all the buckets"))


def test_a_preview_is_what_would_be_sent(builder: ContextBuilder) -> None:
    """The same bytes, but for the random id of the message."""
    talk = Conversation()
    previewed = json.loads(builder.preview("stop web-1", conversation=talk))
    sent = json.loads(guard.wire_bytes(builder.build("stop web-1", conversation=talk)[0]))
    assert previewed.pop("message_id") != sent.pop("message_id")
    assert previewed == sent


def test_history_is_masked_again_with_what_is_known_today(builder: ContextBuilder) -> None:
    """A digest from before a scan may hold a name that is known by now; the last twenty are sent."""
    history = [Digest(role="user", content=f"turn {n} about web-1") for n in range(30)]
    context, _ = builder.build("list buckets", history)
    assert len(context.history) == 20
    assert "web-1" not in context.model_dump_json()


def test_digests_are_written_with_aliases(builder: ContextBuilder) -> None:
    """What is kept of a turn has the aliases of its conversation."""
    talk = Conversation()
    context, _ = builder.build("stop web-1", conversation=talk)
    turn = builder.digest(Digest(role="assistant", content="stopped web-1", action="stop"), talk)
    assert turn.content == f"stopped {context.mentions[0].alias}"
    assert turn.action == "stop"


def test_a_question_asked_again_keeps_its_id(builder: ContextBuilder) -> None:
    """After a lost connection the same message id is used; nothing else may be one."""
    context, talk = builder.build("list buckets")
    again, _ = builder.build("list buckets", conversation=talk, message_id=context.message_id)
    assert again == context
    with pytest.raises(InvalidInput):
        builder.build("list buckets", message_id="web-1")


@pytest.mark.parametrize("question", ["", "  \n ", "\u200b", "x" * (LIMIT_PROMPT + 1)])
def test_no_question_and_too_much_of_one_are_refused(builder: ContextBuilder, question: str) -> None:
    """A typed error, and nothing is sent."""
    with pytest.raises(InvalidInput):
        builder.build(question)


def test_the_guard_finds_what_masking_would_have_missed(known: KnownWords, builder: ContextBuilder) -> None:
    """A name, id, address, credential or environment in a context blocks it; the field is named, the value is not."""
    clean, _ = builder.build("list buckets")
    one = known.resources[0]
    for text in (
        "web-1",
        one.identifier,
        one.account_id,
        one.resource_id,
        "10.31.7.12",
        "HALL-2001",
        "AKIAIOSFODNN7EXAMPLE",
        "ana@hall.example.com",
    ):
        with pytest.raises(ForbiddenContent) as caught:
            guard.check(clean.model_copy(update={"prompt": f"about {text} now"}), known)
        assert "prompt" in caught.value.message
        assert text not in str(caught.value)
    with pytest.raises(ForbiddenContent, match="environments"):
        guard.check(
            clean.model_copy(
                update={"summary": clean.summary.model_copy(update={"environments": (Count(value="x", count=1),)})}
            ),
            known,
        )


def test_the_guard_refuses_what_the_contract_does_not_allow(known: KnownWords, builder: ContextBuilder) -> None:
    """Too large, or not of the schema: not sent."""
    clean, _ = builder.build("list buckets")
    with pytest.raises(ForbiddenContent, match="256 KiB"):
        guard.check(clean.model_copy(update={"padding": " " * 300_000}), known)
    with pytest.raises(ForbiddenContent, match="contract"):
        guard.check(clean.model_copy(update={"prompt": "x " * 3_000}), known)


def test_a_hundred_thousand_resources_are_looked_up_at_once() -> None:
    """Indexing takes seconds once; a question then takes milliseconds, whatever the size of the estate."""
    large = [_one(number) for number in range(100_000)]
    begun = time.perf_counter()
    builder = ContextBuilder(large)
    indexed = time.perf_counter() - begun
    asked = min(_seconds(builder, f"stop node-{n}-blue of team-{n % 50} in us-east-1") for n in range(5))
    assert indexed < 15
    assert asked < 0.05


def _seconds(builder: ContextBuilder, question: str) -> float:
    begun = time.perf_counter()
    context, _ = builder.build(question)
    assert len(context.mentions) == 2
    return time.perf_counter() - begun


def _one(number: int) -> Resource:
    name = f"node-{number}-blue"
    tags = {"Name": name, "owner": f"team-{number % 50}", "env": "dev"}
    return Resource(
        "aws", f"{300_000_000_000 + number % 20}", "us-east-1", "aws_ec2_instance", "compute_instance",
        f"arn:aws:ec2:us-east-1:3:instance/{name}",
        f"i-{number:017x}", name, "running", tags=tags,
    )  # fmt: skip
