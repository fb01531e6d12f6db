"""Conversations in `chat_history`: a `context` record each, and its messages, which are digests and never edited.

A turn of the user or the assistant is a digest that the next question may take along. A note of the system (a run that
ended, say) is in the conversation for people only and never part of a context.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from escher.contract.context import Digest
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

CHAT: CollectionName = "chat_history"
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One turn as it is kept. `timestamp` is Unix seconds; `metadata` says what it mentioned and what it ran."""

    context_id: str
    message_index: int
    role: Literal["user", "assistant", "system"]
    timestamp: int
    content: str
    action: str
    metadata: Mapping[str, Any]


class ChatStore:
    """Reads and writes conversations. `at` is Unix seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def contexts(self) -> list[dict[str, Any]]:
        """Every conversation's `context_id`, `title`, `created_at`, `updated_at`, `messages` and what was added to it."""
        return [record.body for record in self._store.records(CHAT) if record.key.startswith("context:")]

    def context(self, context_id: str) -> dict[str, Any] | None:
        """One of them, or None."""
        record = self._store.get(CHAT, _context_key(context_id))
        return None if record is None else record.body

    def update_context(self, context_id: str, at: int, **values: Any) -> None:
        """Begin a conversation, or change its title or what is kept with it."""
        with self._store.transaction() as transaction:
            _put_context(transaction, context_id, at, values)

    def append(self, context_id: str, digest: Digest, at: int, metadata: Mapping[str, Any] | None = None) -> int:
        """Add a turn to a conversation, which begins with its first; the message's index, from 0."""
        return self._append(context_id, digest.model_dump(mode="json"), at, metadata)

    def note(self, context_id: str, text: str, at: int, metadata: Mapping[str, Any] | None = None) -> int:
        """Add a message of the system; its index. It is no part of `history`."""
        return self._append(context_id, {"role": "system", "content": text, "action": "none"}, at, metadata)

    def history(self, context_id: str, limit: int = 20) -> list[Digest]:
        """The last turns of user and assistant, oldest first: what the next question may take along."""
        turns: list[Digest] = []
        for message in self._newest_first(context_id):
            if len(turns) == limit:
                break
            if message.role != "system":
                turns.append(Digest.model_validate({name: getattr(message, name) for name in Digest.model_fields}))
        return turns[::-1]

    def messages(self, context_id: str, limit: int = _PAGE) -> list[Message]:
        """The last messages of a conversation, notes included, in their order."""
        newest = self._newest_first(context_id)
        return [message for message, _ in zip(newest, range(limit), strict=False)][::-1]

    def search(self, words: str, limit: int = 20) -> list[Message]:
        """The messages of all conversations that hold every one of the words, whatever their case, newest first."""
        wanted = words.casefold().split()
        found = [
            _message(record)
            for record in self._store.records(CHAT)
            if record.key.startswith("message:") and all(word in record.body["content"].casefold() for word in wanted)
        ]
        return sorted(found, key=lambda message: (-message.timestamp, -message.message_index))[:limit] if wanted else []

    def delete(self, context_id: str) -> None:
        """Delete a conversation as a whole; an unknown one is ignored."""
        with self._store.transaction() as transaction:
            _delete(transaction, transaction.get(CHAT, _context_key(context_id)))

    def expire(self, before: int) -> int:
        """Delete the conversations in which nothing happened since then, a transaction each; how many there were."""
        expired = 0
        for quiet in [context["context_id"] for context in self.contexts() if context["updated_at"] < before]:
            with self._store.transaction() as transaction:
                context = transaction.get(CHAT, _context_key(quiet))
                # Somebody may have spoken in it meanwhile.
                if context is not None and context.body["updated_at"] < before:
                    _delete(transaction, context)
                    expired += 1
        return expired

    def _append(self, context_id: str, turn: Mapping[str, Any], at: int, metadata: Mapping[str, Any] | None) -> int:
        with self._store.transaction() as transaction:
            index = _messages(transaction.get(CHAT, _context_key(context_id)))
            body = {"context_id": context_id, "message_index": index, "timestamp": at, "metadata": dict(metadata or {})}
            transaction.insert(CHAT, Record(_message_key(context_id, index), body | dict(turn)))
            _put_context(transaction, context_id, at, {"messages": index + 1})
        return index

    def _newest_first(self, context_id: str) -> Iterator[Message]:
        for index in reversed(range(_messages(self._store.get(CHAT, _context_key(context_id))))):
            record = self._store.get(CHAT, _message_key(context_id, index))
            if record is not None:
                yield _message(record)


def _put_context(transaction: Transaction, context_id: str, at: int, values: Mapping[str, Any]) -> None:
    record = transaction.get(CHAT, _context_key(context_id))
    new: dict[str, Any] = {"context_id": context_id, "title": "", "created_at": at, "messages": 0}
    body = {**(new if record is None else record.body), "updated_at": at, **values}
    transaction.put(CHAT, Record(_context_key(context_id), body))


def _delete(transaction: Transaction, context: Record | None) -> None:
    if context is not None:
        context_id = context.body["context_id"]
        transaction.retire(CHAT, *(_message_key(context_id, index) for index in range(_messages(context))))
        transaction.delete(CHAT, context.key)


def _messages(context: Record | None) -> int:
    return 0 if context is None else context.body["messages"]


def _message(record: Record) -> Message:
    return Message(**{name: record.body[name] for name in Message.__slots__})


def _context_key(context_id: str) -> str:
    return f"context:{context_id}"


def _message_key(context_id: str, index: int) -> str:
    return f"message:{context_id}:{index}"
