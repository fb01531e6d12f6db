"""Conversations in the store."""

from __future__ import annotations

import pytest

from escher.contract.context import Digest
from escher.store.chat import ChatStore
from escher.store.vault import Store


@pytest.fixture
def chat(store: Store) -> ChatStore:
    """No conversations yet."""
    return ChatStore(store)


def _said(number: int) -> Digest:
    return Digest(role="user", content=f"turn {number}")


def test_the_last_turns_come_oldest_first(chat: ChatStore) -> None:
    """A conversation keeps all its turns; the last N are read in their order, of this conversation only."""
    assert [chat.append("c1", _said(number), at=number) for number in range(25)] == list(range(25))
    chat.append("c2", Digest(role="assistant", content="elsewhere", action="stop"), at=1)
    assert chat.history("c1", 3) == [_said(22), _said(23), _said(24)]
    assert len(chat.history("c1")) == 20
    assert chat.history("c2") == [Digest(role="assistant", content="elsewhere", action="stop")]
    assert chat.history("unknown") == []


def test_a_conversation_is_described(chat: ChatStore) -> None:
    """Title, times and the number of turns are kept beside the turns, and can change."""
    chat.append("c1", _said(0), at=10)
    chat.update_context("c1", 20, title="Stopping dev")
    assert chat.context("c1") == {
        "context_id": "c1", "title": "Stopping dev", "created_at": 10, "updated_at": 20, "messages": 1,
    }  # fmt: skip
    assert [context["context_id"] for context in chat.contexts()] == ["c1"]
    assert chat.context("unknown") is None


def test_a_conversation_is_deleted_as_a_whole(chat: ChatStore, store: Store) -> None:
    """No turn of it stays; others do; it may begin anew."""
    for context in ("c1", "c2"):
        chat.append(context, _said(0), at=1)
        chat.append(context, _said(1), at=2)
    chat.delete("c1")
    chat.delete("unknown")
    assert chat.history("c1") == [] and len(chat.history("c2")) == 2
    assert store.count("chat_history") == 3
    assert chat.append("c1", _said(7), at=3) == 0
    assert chat.history("c1") == [_said(7)]
