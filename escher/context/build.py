"""Build the request context of a question: masked words, mentions, counts. Everything else is left out."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Sequence

from escher.context import guard
from escher.context.aliases import Conversation
from escher.context.counting import Counting
from escher.context.known import KnownWords
from escher.context.mask import mask
from escher.context.summary import aliased_resources, estate_summary
from escher.contract.context import LIMIT_PROMPT, Digest, RequestContext, shortened
from escher.contract.data_requests import DataResult
from escher.contract.estate import Account, Resource, Scope
from escher.contract.vocabulary import Action, Language
from escher.errors import InvalidInput

MOST_DIGESTS = 20
MOST_MENTIONS = 60
_MESSAGE_ID = re.compile(r"m[0-9a-f]{24}")


class ContextBuilder:
    """Builds contexts over one snapshot of an estate. Making one indexes the estate; building is then fast.

    `credentials` are secrets held in this session, found exactly wherever they are typed.
    """

    def __init__(
        self,
        resources: Sequence[Resource],
        accounts: Iterable[Account] = (),
        scopes: Iterable[Scope] = (),
        *,
        client_version: str = "0",
        languages: tuple[Language, ...] = ("python",),
        blocked_actions: tuple[Action, ...] = (),
        credentials: Iterable[str] = (),
        time_zone: str = "UTC",
        now: int | None = None,
    ) -> None:
        self._known = KnownWords(resources, accounts)
        self._counting: Counting | None = None
        self._blank = RequestContext(
            message_id="",
            client_version=client_version,
            prompt="",
            summary=estate_summary(resources, scopes, int(time.time()) if now is None else now),
            blocked_actions=blocked_actions,
            languages=languages,
            time_zone=time_zone,
        )
        self._credentials = tuple(credentials)

    def build(
        self,
        question: str,
        history: Sequence[Digest] = (),
        conversation: Conversation | None = None,
        message_id: str | None = None,
        told: tuple[DataResult, ...] = (),
    ) -> tuple[RequestContext, Conversation]:
        """The context of a question, checked, and its conversation, which grows by the aliases of this question.

        A question asked again after a lost connection bears the same `message_id`. `told` are counts that the server
        asked for and the user has seen. Raises InvalidInput for a question
        that is empty or too long, ForbiddenContent when something that must not leave could not be masked.
        """
        conversation = Conversation() if conversation is None else conversation
        masked = mask(question, self._known, conversation, self._credentials)
        if not masked.text.strip():
            raise InvalidInput("there is no question.", hint='For example: "which instances are running?"')
        if len(masked.text) > LIMIT_PROMPT:
            raise InvalidInput(f"the question is longer than {LIMIT_PROMPT} characters.", hint="Ask a shorter one.")
        filled = {
            "message_id": _message_id(message_id),
            "prompt": masked.text,
            "mentions": masked.mentions[:MOST_MENTIONS],
            "resources": aliased_resources(masked.resources, self._known.resources),
            "data_result": told,
            "history": tuple(self._masked(turn, conversation) for turn in history[-MOST_DIGESTS:]),
        }
        context = guard.padded(self._blank.model_copy(update=filled))
        guard.check(context, self._known, self._credentials)
        return context, conversation

    def preview(
        self,
        question: str,
        history: Sequence[Digest] = (),
        conversation: Conversation | None = None,
        told: tuple[DataResult, ...] = (),
    ) -> bytes:
        """The exact bytes that would leave this machine for a question. Raises what `build` raises."""
        context, _ = self.build(question, history, conversation, told=told)
        return guard.wire_bytes(context)

    def counting(self) -> Counting:
        """The counts of this snapshot, made when the server first asks for some."""
        if self._counting is None:
            self._counting = Counting(self._known.resources)
        return self._counting

    def digest(self, turn: Digest, conversation: Conversation) -> Digest:
        """A turn of the conversation as it may be sent later: aliases instead of names, at most 500 bytes."""
        return self._masked(turn, conversation)

    def _masked(self, turn: Digest, conversation: Conversation) -> Digest:
        text = mask(turn.content, self._known, conversation, self._credentials).text
        return turn.model_copy(update={"content": shortened(text)})


def _message_id(given: str | None) -> str:
    if given is None:
        return f"m{secrets.token_hex(12)}"
    if not _MESSAGE_ID.fullmatch(given):
        raise InvalidInput("a message id is an `m` and 24 hexadecimal digits.", hint="Leave it out to get a new one.")
    return given
