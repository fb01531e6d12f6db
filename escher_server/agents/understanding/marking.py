"""Mark what each stretch of a request can be: the longest phrase of the word lists, then the shape of the word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from escher.contract.context import Mention
from escher_server.agents.understanding import tags
from escher_server.agents.understanding.lexicon import closed, measures, times
from escher_server.agents.understanding.lexicon.conditions import ENVIRONMENTS, FLAGS, ROLES, SOFT, STATES
from escher_server.agents.understanding.lexicon.features import SETTINGS, TOPICS
from escher_server.agents.understanding.lexicon.nouns import GENERIC, NOUNS, PROVIDERS
from escher_server.agents.understanding.lexicon.phrases import Phrases
from escher_server.agents.understanding.lexicon.regions import REGIONS, zone
from escher_server.agents.understanding.senses import (
    Amount,
    Chunk,
    Compared,
    Generic,
    Gib,
    Grammar,
    Known,
    Literally,
    Number,
    ProviderIs,
    Sense,
    SizeName,
    Soft,
    Span,
    StateIs,
    When,
    Word,
    ZoneIs,
)
from escher_server.agents.understanding.tokens import Token

Mentions = Mapping[str, tuple[Mention, ...]]
_WINDOW = 14


def _same(value: object, _: str) -> Sense:
    return value  # pyright: ignore[reportReturnType] these lists hold senses


def _lists() -> tuple[tuple[Phrases[object], Callable[[object, str], Sense]], ...]:
    """The word lists and what a match in them means; of two equally long matches the first list wins."""
    return (
        (closed.EXCEPT, lambda value, text: Grammar("except", text)),
        (REGIONS, _same),
        (ENVIRONMENTS, _same),
        (FLAGS, _same),
        (STATES, lambda value, text: StateIs(value)),  # pyright: ignore[reportArgumentType]
        (SETTINGS, _same),
        (NOUNS, _same),
        (ROLES, _same),
        (PROVIDERS, lambda value, text: ProviderIs(value)),  # pyright: ignore[reportArgumentType]
        (TOPICS, _same),
        (SOFT, lambda value, text: Soft(text)),
        (GENERIC, lambda value, text: Generic(bool(value))),
    )  # pyright: ignore[reportReturnType] the lists differ in their values only


_LISTS = _lists()


def mark(tokens: Sequence[Token], mentions: Mentions) -> list[Chunk]:
    """The chunks of a clause from left to right, none left out."""
    words = [token.norm for token in tokens]
    chunks: list[Chunk] = []
    at = 0
    while at < len(tokens):
        chunk = _chunk(tokens, words, at, mentions)
        chunks.append(chunk)
        at += chunk.length
    return chunks


def _chunk(tokens: Sequence[Token], words: list[str], at: int, mentions: Mentions) -> Chunk:
    token = tokens[at]
    if pair := tags.tagged(tokens, words, at):
        return pair
    if token.kind == "alias":
        return Chunk(Known(token.norm, mentions[token.norm]), at)
    if token.kind in ("quoted", "slot"):
        return Chunk(Literally(token.text), at)
    return _measured(words, at) or _listed(words, at) or _timed(words, at) or _closed(words, at) or _single(token, at)


def _window(words: list[str], at: int) -> str:
    return " ".join(words[at : at + _WINDOW])


def _length(text: str) -> int:
    return len(text.split())


def _measured(words: list[str], at: int) -> Chunk | None:
    if words[at] in measures.COMPARISON_STARTERS or words[at][0].isdigit() or words[at] == "one":
        text = _window(words, at)
        if measured := measures.comparison(text):
            return Chunk(Compared(measured.comparison), at, _length(text[: measured.length]))
        if size := measures.exact_size(text):
            return Chunk(Gib(round(size[0] / 1024), size[0]), at, _length(text[: size[1]]))
        if span := measures.span(text):
            return Chunk(Span(span[0]), at, _length(text[: span[1]]))
    return _superlative(words, at)


def _superlative(words: list[str], at: int) -> Chunk | None:
    if words[at] not in measures.AMOUNT_STARTERS and not words[at].isdigit():
        return None
    found = measures.AMOUNT.match(_window(words, at))
    if not found:
        return None
    number = int(found["first"] or found["number"] or 1)
    return Chunk(Amount(number, found["order"] or found["single"] or ""), at, _length(found[0])) if number else None


def _listed(words: list[str], at: int) -> Chunk | None:
    best: Chunk | None = None
    for phrases, meaning in _LISTS:
        found = phrases.match(words, at)
        if found and (best is None or found[0] > best.length):
            best = Chunk(meaning(found[1], " ".join(words[at : at + found[0]])), at, found[0])
    return best


def _timed(words: list[str], at: int) -> Chunk | None:
    word = words[at]
    if word in times.PURPOSE_STARTERS or word == "to":
        found = times.PURPOSE.match(_window(words, at))
        if found and (
            word not in ("we", "i", "they", "it", "nobody", "no") or at == 0 or words[at - 1] in (",", "-", "and", "as")
        ):
            return Chunk(Grammar("purpose", found[0]), at, _length(found[0]))
    if word not in times.STARTERS and word not in ("q1", "q2", "q3", "q4") and not word[0].isdigit():
        return None
    text = _window(words, at)
    for kind, pattern in (("duration", times.DURATION), ("past", times.PAST), ("schedule", times.SCHEDULE)):
        if found := pattern.match(text):
            return Chunk(When(kind, found[0]), at, _length(found[0]))  # pyright: ignore[reportArgumentType]
    return None


def _closed(words: list[str], at: int) -> Chunk | None:
    word = words[at]
    role = _CLOSED.get(word)
    if role:
        return Chunk(Grammar(role, word), at)  # pyright: ignore[reportArgumentType]
    if measures.SIZE.fullmatch(word):
        return Chunk(SizeName(word), at)
    if zone(word):
        return Chunk(ZoneIs(word), at)
    return None


def _single(token: Token, at: int) -> Chunk:
    if token.kind == "number":
        digits = token.norm.replace(",", "")
        return Chunk(Number(int(digits)) if digits.isdecimal() else Word(token.norm), at)
    if token.norm.isdecimal():
        return Chunk(Number(int(token.norm)), at)
    return Chunk(Grammar("mark", token.norm) if token.kind == "mark" else Word(token.text), at)


def _classes() -> dict[str, str]:
    classes: dict[str, str] = dict.fromkeys(closed.COPULAS, "copula") | dict.fromkeys(
        closed.PREPOSITIONS, "preposition"
    )
    classes |= dict.fromkeys(closed.RELATIVES, "relative") | dict.fromkeys(closed.DETERMINERS, "determiner")
    classes |= dict.fromkeys(closed.PRONOUNS - {"these", "this", "that", "those"}, "pronoun")
    classes |= dict.fromkeys(closed.NEGATIONS, "not") | dict.fromkeys(closed.CONJUNCTIONS, "conjunction")
    classes |= dict.fromkeys(closed.ALL_WORDS, "every") | dict.fromkeys(closed.EVERYTHING, "everything")
    classes |= dict.fromkeys(closed.VAGUE_AMOUNTS, "some") | dict.fromkeys(("to", "into", "as"), "to")
    return classes


_CLOSED = _classes()
