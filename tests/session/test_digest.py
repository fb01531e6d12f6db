"""The digest of a turn: a sentence, aliases for names, at most 500 bytes whatever the writing."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from escher.context.aliases import Conversation
from escher.context.build import ContextBuilder
from escher.contract.context import LIMIT_DIGEST, Digest, RequestContext, shortened
from escher.contract.understanding import Filters, Understanding
from escher.contract.vocabulary import KINDS
from escher.session.wording import digest_text

LONG = ("stop every machine " * 60, "機械を止める" * 60, "😀 " * 300, "é" * 500, "a" * 499 + "é")


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:4])
def test_five_hundred_bytes_are_the_most_and_no_letter_is_broken(text: str) -> None:
    """Cut between letters, and between words where there are any."""
    short = shortened(text)
    assert len(short.encode()) <= LIMIT_DIGEST
    assert text.startswith(short) and not short.endswith("stop ever")
    assert shortened("stop it") == "stop it"


def test_a_digest_says_what_was_done_with_what() -> None:
    """Action, aliases, kinds, places and a figure; not a word about how it looked, and never too long."""
    filters = Filters(names=("r4821",), regions=("us-east-1",), environments=("dev",))
    stop = Understanding.model_validate(
        {"class": "operation", "action": "stop", "kinds": ("compute_instance",), "filters": filters, "confidence": 1}
    )
    assert digest_text(stop, 1, ("r4821",)) == "operation: stop dev compute instance r4821 in us-east-1; 1 matched."
    everything = stop.model_copy(update={"kinds": KINDS, "filters": Filters(regions=("r" * 300,) * 3)})
    text = digest_text(everything, 3, tuple(f"r{number}" for number in range(100)))
    assert len(text.encode()) <= LIMIT_DIGEST
    assert not {"table", "component", "chart", "layout"} & set(text.split())


def test_what_is_kept_and_what_is_sent_is_short() -> None:
    """Also after masking, and of a conversation kept by an older version; a longer one is no context."""
    builder = ContextBuilder(())
    turn = builder.digest(Digest(role="user", content="機" * 500), Conversation())
    sent, _ = builder.build("list buckets", [Digest(role="user", content="機" * 500)])
    assert all(len(one.content.encode()) <= LIMIT_DIGEST for one in (turn, *sent.history))
    with pytest.raises(ValidationError, match="500 bytes"):
        RequestContext(
            message_id="m", client_version="1", prompt="x", history=(Digest(role="user", content="機" * 500),)
        )
