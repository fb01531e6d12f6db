"""A request as tokens: words, numbers, quoted text, aliases, placeholders and marks. Contractions are spelt out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from escher_server.agents.understanding.lexicon.closed import FILLERS
from escher_server.agents.understanding.lexicon.phrases import NUMBERS, words

TokenKind = Literal["word", "number", "quoted", "alias", "slot", "mark"]

_SCAN = re.compile(
    r"(?P<slot>\\?<[^<>\n]{1,60}>|\$\{[^}\n]{1,60}\})"
    r"|(?P<quoted>\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|`[^`\n]{1,300}`|«[^»\n]{1,300}»"
    r"|(?<!\w)'[^'\n]{1,300}'(?!\w))"
    r"|(?P<clock>\d{1,2}:\d{2})"
    r"|(?P<number>\d+(?:[.,]\d+)*(?![\w.-]*\w)|\d+(?=(?:gb|gib|tb|tib|mb|mib|am|pm|hrs?|days?|%)\b))"
    r"|(?P<word>[*\w](?:[\w*]|[-.@+'’](?=[\w*]))*)"
    r"|(?P<mark>\n|[^\w\s])",
    re.IGNORECASE,
)
# The dot of `N. Virginia` ends no sentence.
_INITIAL = re.compile(r"(?<![\w.-])([A-Za-z])\.(?= [A-Za-z])")
_AND = re.compile(r"\b(?:as well as|along with|together with|in addition to)\b", re.IGNORECASE)
_PROVIDED = re.compile(
    r"\b(?:(?:as|so) (?:long|soon) as(?! (?:possible|you can|you could))|only if|on condition that|(?:provided|"
    r"assuming) that)\b",
    re.IGNORECASE,
)
_CONTRACTIONS: dict[str, str] = {
    "dont": "do not", "cant": "can not", "cannot": "can not", "wont": "will not", "lets": "let us",
    "gimme": "give me", "wanna": "want to", "gonna": "going to", "lemme": "let me", "whats": "what is",
    "isnt": "is not", "arent": "are not", "doesnt": "does not", "didnt": "did not", "shouldnt": "should not",
    "wouldnt": "would not", "couldnt": "could not", "won't": "will not", "can't": "can not", "shan't": "shall not",
    "let's": "let us", "hows": "how is", "wheres": "where is", "whos": "who is", "im": "i am", "u": "you",
    "ur": "your", "gotta": "have to", "ain't": "is not", "cuz": "because",
}  # fmt: skip
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("n't", " not"), ("'ll", " will"), ("'re", " are"), ("'ve", " have"), ("'m", " am"), ("'d", " would"),
)  # fmt: skip
_IS = words("what who where how when why that it there here she he everything something nothing")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the request. `norm` is its lower-case form for the word lists; text in quotes has no word in it."""

    text: str
    norm: str
    kind: TokenKind
    # Whether nothing stands between it and the token before.
    glued: bool = False


def tokenise(text: str, aliases: Collection[str] = ()) -> tuple[Token, ...]:
    """The tokens of a request, in order, politeness left out. `aliases` are the words that stand for known things."""
    return _without_fillers(tuple(_tokens(text, frozenset(aliases))))


def _tokens(text: str, aliases: frozenset[str]) -> Iterator[Token]:
    end = 0
    for found in _SCAN.finditer(_PROVIDED.sub("if", _AND.sub("and", _INITIAL.sub(r"\1 ", text)))):
        kind, raw = found.lastgroup or "mark", found[0].replace("’", "'")
        glued = found.start() == end and end > 0
        end = found.end()
        match kind:
            case "slot":
                yield Token(raw.lstrip("\\"), "§slot", "slot", glued)
            case "quoted":
                yield from _quoted(raw[1:-1].strip(), aliases)
            case "clock" | "number":
                yield Token(raw, raw, "number", glued)
            case "word":
                yield from _words(raw, aliases, glued)
            case _:
                yield Token(raw, raw, "mark", glued)


def _quoted(inner: str, aliases: frozenset[str]) -> Iterator[Token]:
    if inner.lower() in aliases:
        yield Token(inner.lower(), inner.lower(), "alias")
    elif inner:
        yield Token(inner, "§quoted", "quoted")


def _words(raw: str, aliases: frozenset[str], glued: bool) -> Iterator[Token]:
    word = raw.lower()
    if word.endswith("'s") and word[:-2] not in _IS and word not in _CONTRACTIONS:
        word, raw = word[:-2], raw[:-2]
    if word in aliases:
        yield Token(word, word, "alias", glued)
        return
    for part in _spelt_out(word):
        number = NUMBERS.get(part)
        plain = raw if part == word else part
        yield Token(plain, str(number) if number is not None and part != "one" else part, "word", glued)


def _spelt_out(word: str) -> list[str]:
    if word in _CONTRACTIONS:
        return _CONTRACTIONS[word].split()
    if word.endswith("'s"):
        return [word[:-2], "is"]
    for ending, full in _ENDINGS:
        if word.endswith(ending):
            return (word[: -len(ending)] + full).split()
    return [word]


def _without_fillers(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    words = [token.norm for token in tokens]
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        found = FILLERS.match(words, at) if tokens[at].kind == "word" else None
        if found is None:
            kept.append(tokens[at])
        at += found[0] if found else 1
    return tuple(kept)
