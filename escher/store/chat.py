"""Conversations in `chat_history`: a `context` record each, and its messages, which are digests and never edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escher.contract.context import Digest
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

CHAT: CollectionName = "chat_history"


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
        with self._store.transaction() as transaction:
            index = _messages(transaction.get(CHAT, _context_key(context_id)))
            body = {"context_id": context_id, "message_index": index, "timestamp": at, "metadata": dict(metadata or {})}
            body |= digest.model_dump(mode="json")
            transaction.insert(CHAT, Record(_message_key(context_id, index), body))
            _put_context(transaction, context_id, at, {"messages": index + 1})
        return index

    def history(self, context_id: str, limit: int = 20) -> list[Digest]:
        """The last turns of a conversation, oldest first."""
        end = _messages(self._store.get(CHAT, _context_key(context_id)))
        keys = [_message_key(context_id, index) for index in range(max(0, end - limit), end)]
        records = [self._store.get(CHAT, key) for key in keys]
        return [_digest(record) for record in records if record is not None]

    def delete(self, context_id: str) -> None:
        """Delete a conversation as a whole; an unknown one is ignored."""
        with self._store.transaction() as transaction:
            end = _messages(transaction.get(CHAT, _context_key(context_id)))
            transaction.retire(CHAT, *(_message_key(context_id, index) for index in range(end)))
            transaction.delete(CHAT, _context_key(context_id))


def _put_context(transaction: Transaction, context_id: str, at: int, values: Mapping[str, Any]) -> None:
    record = transaction.get(CHAT, _context_key(context_id))
    new: dict[str, Any] = {"context_id": context_id, "title": "", "created_at": at, "messages": 0}
    body = {**(new if record is None else record.body), "updated_at": at, **values}
    transaction.put(CHAT, Record(_context_key(context_id), body))


def _messages(context: Record | None) -> int:
    return 0 if context is None else context.body["messages"]


def _digest(record: Record) -> Digest:
    return Digest.model_validate({name: record.body[name] for name in Digest.model_fields})


def _context_key(context_id: str) -> str:
    return f"context:{context_id}"


def _message_key(context_id: str, index: int) -> str:
    return f"message:{context_id}:{index}"
