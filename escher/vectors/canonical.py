"""The two forms in which a text is indexed: for meaning without ids and numbers, for words with them.

Embedding is the slowest part of a scan. An id or a running number carries no meaning, so it is left out there, and
`web-dev-17` and `web-dev-18` share one vector; exact match and BM25 find the ids. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_IDS = re.compile(
    r"""
    \barn:\S+                                 # an ARN
    | (?<!\S)/subscriptions/\S+ | (?<!\S)//[a-z][\w.-]*/\S+   # an Azure resource id, a full resource name of Google's
    | (?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])
    | \b(?:[a-z]{1,12}-(?=[a-f]*\d)[0-9a-f]{17,32}|(?:ami|eni|i|sg|snap|subnet|vol|vpc)-(?=[a-f]*\d)[0-9a-f]{8})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_RUNNING = re.compile(r"^([^\W\d_]{3,})\d+$")
_RANDOM = re.compile(
    r"""^(?:
    (?=.{6})[a-f]*\d[0-9a-f]*                  # hexadecimal
    | (?=.{4})\D*\d+\D+\d.*                   # letters and digits in turn, as Kubernetes and CloudFormation add them
    | \d+[dhmwy] | \d.{3,}                     # an age; a time; the middle of an id
    | [b-df-hj-np-tv-xz]{6,}                   # no vowel at all
    )$""",
    re.VERBOSE | re.IGNORECASE,
)


def canonical_text(*parts: str) -> str:
    """The words of `parts` that carry meaning, each once, in lower case: `web-dev-17 i-0abc12345` → `web dev`."""
    return " ".join(
        dict.fromkeys(word for token in _TOKEN.findall(_IDS.sub(" ", " ".join(parts))) for word in _said(token))
    )


def words(text: str) -> str:
    """The words of a text for exact search, ids kept; compounds also in their parts: `webApp01` → `webapp01 web app 01`."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        pieces = [piece for half in _CAMEL.split(token) for piece in _PARTS.findall(half)]
        tokens += [token, *pieces] if len(pieces) > 1 else [token]
    return " ".join(tokens).lower()


def _said(token: str) -> Iterator[str]:
    """The words in a token; none when it is random. It is cut into words after that: `8hG3kQ2x` has none."""
    if not _RANDOM.match(token):
        yield from filter(None, map(_meaningful, _CAMEL.split(token)))


def _meaningful(token: str) -> str:
    """A token without its running number, or nothing when it is an id or a number. `ec2`, `t3` and `k8s` stay."""
    if token.isdigit():
        return ""
    running = _RUNNING.match(token)
    if running:
        token = running[1]
    return "" if _RANDOM.match(token) else token.lower()
