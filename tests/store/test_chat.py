"""Conversations in the store."""

from __future__ import annotations

import threading

import pytest

from escher.contract.context import Digest
from escher.errors import RecordExists
from escher.store.chat import CHAT, ChatStore
from escher.store.records import Record
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


def test_a_note_of_the_system_is_for_people_only(chat: ChatStore) -> None:
    """It stands in the conversation in its place, and no question takes it along."""
    chat.append("c1", _said(0), at=1, metadata={"resources": ["k"], "commands": ["aws ec2 stop-instances"]})
    assert chat.note("c1", "Run run-1 completed.", at=2, metadata={"run_id": "run-1"}) == 1
    chat.append("c1", _said(2), at=3)
    assert [(message.message_index, message.role, message.timestamp) for message in chat.messages("c1")] == [
        (0, "user", 1), (1, "system", 2), (2, "user", 3),
    ]  # fmt: skip
    assert chat.messages("c1")[0].metadata == {"resources": ["k"], "commands": ["aws ec2 stop-instances"]}
    assert [message.content for message in chat.messages("c1", limit=2)] == ["Run run-1 completed.", "turn 2"]
    assert chat.history("c1") == [_said(0), _said(2)] and chat.history("c1", 1) == [_said(2)]


def test_messages_are_found_by_their_words(chat: ChatStore) -> None:
    """All of the words, whatever their case, in every conversation, the newest first."""
    chat.append("c1", Digest(role="user", content="Stop the DEV machines"), at=1)
    chat.append("c2", Digest(role="user", content="start the dev machines"), at=2)
    chat.append("c2", Digest(role="assistant", content="Started."), at=3)
    assert [message.context_id for message in chat.search("machines dev")] == ["c2", "c1"]
    assert [message.content for message in chat.search("stop")] == ["Stop the DEV machines"]
    assert chat.search("  ") == [] and chat.search("zebra") == [] and len(chat.search("dev", limit=1)) == 1


def test_a_message_is_never_edited(chat: ChatStore, store: Store) -> None:
    """Neither replaced nor deleted by itself."""
    chat.append("c1", _said(0), at=1)
    with pytest.raises(RecordExists), store.transaction() as transaction:
        transaction.put(CHAT, Record("message:c1:0", {}))
    with pytest.raises(RecordExists), store.transaction() as transaction:
        transaction.delete(CHAT, "message:c1:0")
    assert chat.history("c1") == [_said(0)]


def test_quiet_conversations_expire_as_a_whole(chat: ChatStore, store: Store) -> None:
    """By their last activity, not by their first message."""
    for context, last in (("quiet", 10), ("lively", 20)):
        chat.append(context, _said(0), at=1)
        chat.append(context, _said(1), at=last)
    assert chat.expire(before=20) == 1
    assert [context["context_id"] for context in chat.contexts()] == ["lively"]
    assert store.count(CHAT) == 3 and chat.expire(before=20) == 0


def test_threads_share_a_conversation(chat: ChatStore) -> None:
    """Every message gets an index of its own, without gaps."""
    taken: list[int] = []

    def speak() -> None:
        taken.extend(chat.append("c1", _said(number), at=number) for number in range(20))

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(80)) and len(chat.messages("c1", 100)) == 80
