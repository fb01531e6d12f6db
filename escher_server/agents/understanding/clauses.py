"""Cut a request into sentences and clauses: where a new verb, question or prohibition begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from escher_server.agents.understanding.lexicon import times
from escher_server.agents.understanding.lexicon.conditions import TAG_KEYS
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.lexicon.verbs import NOMINALISERS, NOUN_VERBS, READS, WEAK_NOMINALISERS
from escher_server.agents.understanding.tokens import Token
from escher_server.agents.understanding.verb_forms import BASE

_SENTENCE_ENDS = frozenset(".!?;\n")
_BREAKS = frozenset((":", "–", "—", "-", "(", ")", ","))
_JOINERS = frozenset(("and", "then", "but", "or", "&", "plus", "so", "also", "/", "nor", "yet", "afterwards"))
_ADVERBS = words(
    "then also just only simply next afterwards now finally maybe instead rather again go ahead after that"
)
_SUBORDINATE = words("if when whenever once after before while until because whether although though")
# Said in passing: `before the upgrade` without a verb behind it, and the politeness `if you could`.
_IN_PASSING = re.compile(
    r"before (?:the|our|my|any|next) [\w-]+(?: [\w-]+)?(?:$| ,| and)|if you (?:could|would) "
    r"|after (?:\d+|an?|one) (?:minute|hour|day|week|month|year)s?\b"
)
_HEADS = re.compile(
    r"(?:do not|never|not|can|could|would|will|should|shall|is|are|was|were|does|did|do|how|why|what|which|who|when|"
    r"where|"
    r"i|we|you|let us|let me|make sure|ensure|tell|if|be sure)\b"
)
_BEFORE_NOUNS = words("the a an any of no my our last every")
# Verbs of more words than this bring an object of their own.
_LONGEST_BARE_VERB = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with at most one verb that asks for something.

    `opener` is what cut it off from the part before (empty at the start of a sentence), `asks` that its sentence ends
    with a question mark, `sentence` counts from 0.
    """

    tokens: tuple[Token, ...]
    opener: str
    asks: bool
    sentence: int

    @property
    def words(self) -> list[str]:
        """The words by which the lists know the tokens."""
        return [token.norm for token in self.tokens]


def clauses(tokens: Sequence[Token]) -> list[Clause]:
    """The clauses of a request in order, empty ones left out."""
    found: list[Clause] = []
    for number, (sentence, asks) in enumerate(_sentences(tokens)):
        found += _cut(sentence, asks, number)
    return found


def _sentences(tokens: Sequence[Token]) -> list[tuple[Sequence[Token], bool]]:
    sentences: list[tuple[Sequence[Token], bool]] = []
    begin = 0
    for at, token in enumerate(tokens):
        if token.kind == "mark" and token.norm in _SENTENCE_ENDS:
            sentences.append((tokens[begin:at], token.norm == "?"))
            begin = at + 1
    sentences.append((tokens[begin:], False))
    return [(part, asks) for part, asks in sentences if part]


def _cut(tokens: Sequence[Token], asks: bool, number: int) -> list[Clause]:
    words = [token.norm for token in tokens]
    parts: list[Clause] = []
    begin, opener, at = 0, "", 0
    while at < len(tokens):
        cut = _opening(tokens, words, at, begin)
        if cut is None:
            at += 1
            continue
        if at > begin:
            parts.append(Clause(tuple(tokens[begin:at]), opener, asks, number))
        opener, begin = cut
        at = max(begin, at + 1)
    if begin < len(tokens):
        parts.append(Clause(tuple(tokens[begin:]), opener, asks, number))
    return parts


def _opening(tokens: Sequence[Token], words: list[str], at: int, begin: int) -> tuple[str, int] | None:
    """What opens a new clause at `at`, and where the clause itself begins; None when nothing does."""
    token = tokens[at]
    if token.norm == ":" and token.glued and words[at - 1] in TAG_KEYS:
        return None
    if token.kind == "mark" and token.norm in (":", "–", "—", "(", ")") and not _glued_after(tokens, at):
        return token.norm, at + 1
    if token.kind == "word" and token.norm in _SUBORDINATE and at > begin:
        return None if _is_a_time(words, at) else (token.norm, at)
    if token.norm not in _JOINERS and token.norm not in (",", "-"):
        return None
    head = _skip(words, at)
    if head >= len(words) or not _begins_clause(tokens, words, head):
        return None
    return " ".join(word for word in words[at:head] if word in (*_JOINERS, ",")) or token.norm, head


def _is_a_time(words: list[str], at: int) -> bool:
    """`after 6 pm`, `until monday`, `before the upgrade`: no clause of its own."""
    text = " ".join(words[at:])
    return bool(times.SCHEDULE.match(text) or times.DURATION.match(text) or _IN_PASSING.match(text))


def _glued_after(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].glued and at + 1 < len(tokens) and tokens[at + 1].glued


def _skip(words: list[str], at: int) -> int:
    at += 1
    while at < len(words) and (words[at] in _JOINERS or words[at] in _ADVERBS or words[at] in (",", "-")):
        at += 1
    return at


def _begins_clause(tokens: Sequence[Token], words: list[str], at: int) -> bool:
    if tokens[at].kind != "word":
        return False
    if words[at] in _SUBORDINATE or _HEADS.match(" ".join(words[at : at + 2])):
        return True
    change, read = BASE.match(words, at, len(words)), READS.match(words, at)
    if change:
        return not is_nominal(words, at, change.head_end)
    return read is not None and not is_nominal(words, at, at + read[0])


def is_nominal(words: Sequence[str], at: int, end: int) -> bool:
    """Whether the verb in the words from `at` to `end` stands as a noun: `stop history`, `backup of`, `the start`."""
    if at > 0 and words[at - 1] in _BEFORE_NOUNS:
        return True
    following = words[end] if end < len(words) else ""
    if following in ("and", "or", "/") and (
        second := BASE.match(words, end + 1, len(words)) if end + 1 < len(words) else None
    ):
        return is_nominal(words, end + 1, second.head_end)
    if following in WEAK_NOMINALISERS:
        return words[at] in NOUN_VERBS
    # A verb that brings its own object (`block public access of …`) is not made a noun by what the object belongs to.
    brings_object = words[end - 1] == "of" or end - at > _LONGEST_BARE_VERB
    return following in NOMINALISERS or (following == "of" and not brings_object)
