"""The conversation of one session: contexts for its questions, its aliases, and digests of what was said."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable

from escher import __version__
from escher.context.aliases import Conversation
from escher.context.build import ContextBuilder
from escher.context.telling import Telling
from escher.contract.context import Digest, RequestContext, shortened
from escher.contract.data_requests import DataRequest, DataResult
from escher.contract.reply import Reply
from escher.contract.vocabulary import Language
from escher.store.chat import ChatStore
from escher.store.estate import EstateSnapshot, EstateStore


class Talk:
    """One conversation; safe for threads. Its aliases live as long as the session, its digests in the store."""

    def __init__(self, estate: EstateStore, chat: ChatStore, languages: tuple[Language, ...]) -> None:
        self._estate, self._chat, self._languages = estate, chat, languages
        self.context_id = f"talk-{secrets.token_hex(8)}"
        self._aliases = Conversation()
        self._telling = Telling()
        self._lock = threading.Lock()
        self._seen_by = ""
        self._made: tuple[EstateSnapshot, ContextBuilder] | None = None

    def context(self, question: str) -> tuple[RequestContext, Conversation]:
        """The context of a question, and what resolves its aliases. Raises InvalidInput, ForbiddenContent."""
        with self._lock:
            history, told = self._chat.history(self.context_id), self._telling.to_send()
            return self._builder().build(question, history, self._aliases, told=told)

    def first_seen_by(self, seen_by: str) -> bool:
        """Whether a language model's owner is there and was not yet told of in this session."""
        with self._lock:
            first, self._seen_by = bool(seen_by) and seen_by != self._seen_by, seen_by or self._seen_by
            return first

    def preview(self, question: str) -> bytes:
        """The bytes that asking this now would send; nothing of it is remembered."""
        with self._lock:
            history, told = self._chat.history(self.context_id), self._telling.to_send()
            return self._builder().preview(question, history, told=told)

    def count(self, requests: Iterable[DataRequest]) -> tuple[DataResult, ...]:
        """What the server asked to have counted, as far as the conversation's budget goes. Nothing leaves by this."""
        with self._lock:
            return self._telling.count(requests, lambda: self._builder().counting())

    def shown(self, results: Iterable[DataResult]) -> None:
        """The user has seen these counts: the next question takes them along."""
        with self._lock:
            self._telling.shown(results)

    def remember(self, asked: RequestContext, reply: Reply) -> None:
        """Keep what was asked and answered as two digests, with aliases for names."""
        answer = Digest(role="assistant", content=reply.digest_text, action=reply.understanding.action)
        with self._lock:
            for turn in (Digest(role="user", content=shortened(asked.prompt)), answer):
                self._chat.append(self.context_id, self._builder().digest(turn, self._aliases), int(time.time()))

    def _builder(self) -> ContextBuilder:
        """A builder over the estate as it is; made anew only when something was committed since."""
        snapshot = self._estate.snapshot()
        if self._made is None or self._made[0] is not snapshot:
            builder = ContextBuilder(
                [*snapshot.resources.values()],
                self._estate.accounts(),
                self._estate.scopes(),
                client_version=__version__,
                languages=self._languages,
            )
            self._made = (snapshot, builder)
        return self._made[1]
