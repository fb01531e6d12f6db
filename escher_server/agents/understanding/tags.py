"""Tag expressions: `env=dev`, `tagged owner: ana`, `with the team tag set to x`, `without an owner tag`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from escher_server.agents.understanding.lexicon.conditions import TAG_KEYS
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.senses import Chunk, Sense, Tagged, Untagged
from escher_server.agents.understanding.tokens import Token

_COMMON = "|".join(sorted(TAG_KEYS, key=len, reverse=True))
_NO_KEY = (
    r"(?!(?:the|an?|any|my|our|all|with|as|and|or|of|for|in|on|to|by|from|that|is|are|tags?|it|them|proper|labels?|"
    r"set|no)\b)"
)
_KEY = rf"(?P<key>{_NO_KEY}(?:[\w§][\w./-]*))"
_VALUE = r"(?P<value>[\w§*$][^\s,;]*(?: or [\w§*$][^\s,;]*)*)"
_MISSING = (
    r"(?:without|with no|with out|(?:(?:that|which|who) )?(?:do|does) not (?:have|carry)|(?:(?:that|which) )?(?:have|"
    r"has) no|missing|"
    r"(?:that |which )?lack(?:s|ing)?|no|not having)(?: an?| any| the| their| its)?"
)
_IS = r"(?:= =|=|: |:|is|equals|equal to|of|set to|being)"
_UNTAGGED = tuple(
    re.compile(rf"(?:{pattern})(?= |$)")
    for pattern in (
        rf"{_MISSING} (?:tags?|labels?) (?:called|named|key) {_KEY}",
        rf"{_MISSING} {_KEY} (?:tags?|labels?)",
        rf"{_MISSING} (?P<key>{_COMMON})",
        rf"(?:are |is )?not tagged (?:with|by)(?: an?| the| any)? {_KEY}(?: tag)?",
        rf"{_MISSING} (?:one|it|this tag|that tag|such a tag)",
        rf"{_MISSING} (?:tags?|labels?)|(?:are |is )?not tagged|untagged|unlabell?ed",
    )
)
_LEAD = (
    r"(?:(?:tagged|labell?ed|marked)(?: with| as| by)?|with|having|carrying|whose|where|on which|"
    r"(?:that|which) (?:have|has|carry))"
)
_SELECTING = tuple(
    re.compile(rf"{pattern}(?= |$|,|;)")
    for pattern in (
        rf"{_LEAD}(?: the| an?)?(?: tags?| labels?)?(?: key)? {_KEY}(?: tag)? {_IS} ?{_VALUE}",
        rf"{_LEAD}(?: the| an?)? (?P<key>{_COMMON})(?: tag)? {_VALUE}",
        rf"{_LEAD}(?: the| an?) {_KEY} tag",
        rf"(?:tagged|labell?ed)(?: with| as| by)?(?: the| an?)?(?: tags?)? (?P<key>{_COMMON})",
        rf"(?:tagged|labell?ed)(?: with| as| by)?(?: the| an?)?(?: tags?)? {_VALUE}",
        rf"with (?:the )?tags? {_KEY}",
    )
)
# A tag said with its value, or alone: what it is for, the verb decides.
_PAIRS = tuple(
    re.compile(rf"{pattern}(?= |$|,|;)")
    for pattern in (
        rf"{_KEY} (?:= )?= ?{_VALUE}",
        rf"(?P<key>{_COMMON}) : {_VALUE}",
        rf"(?:an? |the )?{_KEY} (?:tag|label) (?:with|of|having) (?:the |a )?value(?: of)? {_VALUE}",
        rf"(?:the )?{_KEY} (?:tag|label) (?:set to|to|=|is|value) {_VALUE}",
        rf"(?:the )?(?:tag|label)s? {_KEY} (?:set to|to|=|with value|with the value|as|is|:) {_VALUE}",
        rf"(?:the )?{_KEY} (?:tag|label)s?",
        rf"(?:the )?(?:tag|label)s? (?:key |called |named )?{_KEY}",
    )
)
# Right behind the verb: `set cost-center to … on …`.
_SET_FIRST = (re.compile(rf"(?:the )?(?P<key>{_COMMON}) (?:to|as) {_VALUE}(?= |$|,|;)"),)
_NOT_VALUES = words("the a an in on of for to from with and my our all by tag tags")
# Questions about these are no tag expressions: `whose name is x`, `where state is running`.
_NOT_KEYS = words("name id ids names state status size region age type account encryption access")
_TRIGGERS = TAG_KEYS | words(
    "= : tag tags label labels tagged untagged labelled labeled unlabelled unlabeled lack lacks lacking without missing"
)
_SAME = (" one", " it", " this tag", " that tag", " such a tag")
_WINDOW = 14


def tagged(tokens: Sequence[Token], words: list[str], at: int) -> Chunk | None:
    """The tag expression that begins at `at`, or None."""
    if not _TRIGGERS.intersection(words[at : at + _WINDOW]):
        return None
    text = " ".join(words[at : at + _WINDOW])
    for pattern in _UNTAGGED:
        if found := pattern.match(text):
            key = found.groupdict().get("key")
            same = found[0].endswith(_SAME)
            return _chunk(Untagged(_text(tokens, at, found, "key") if key else "" if same else "*"), at, found)
    first = _SET_FIRST if at == 0 else ()
    return (
        _first(first, tokens, text, at, lead="")
        or _first(_SELECTING, tokens, text, at, lead=words[at])
        or _first(_PAIRS, tokens, text, at, lead="")
    )


def _first(
    patterns: tuple[re.Pattern[str], ...], tokens: Sequence[Token], text: str, at: int, *, lead: str
) -> Chunk | None:
    for pattern in patterns:
        found = pattern.match(text)
        if found and (sense := _sense(tokens, at, found, lead=lead)):
            return _chunk(sense, at, found)
    return None


def _sense(tokens: Sequence[Token], at: int, found: re.Match[str], *, lead: str) -> Tagged | None:
    groups = found.groupdict()
    if groups.get("key") in _NOT_KEYS or groups.get("value") in _NOT_VALUES:
        return None
    if not groups.get("key") and tokens[_place(at, found, "value")].kind == "alias":
        return None  # its mention knows the key
    key = _text(tokens, at, found, "key") if groups.get("key") else "*"
    values = _text(tokens, at, found, "value").split(" or ") if groups.get("value") else []
    return Tagged(key, tuple(values), lead)


def _place(at: int, found: re.Match[str], group: str) -> int:
    """The first token of a group."""
    return at + found.string[: found.start(group)].count(" ")


def _text(tokens: Sequence[Token], at: int, found: re.Match[str], group: str) -> str:
    """The words of a group as they were typed."""
    first = _place(at, found, group)
    last = first + found[group].count(" ")
    return " ".join(token.text for token in tokens[first : last + 1])


def _chunk(sense: Sense, at: int, found: re.Match[str]) -> Chunk:
    return Chunk(sense, at, len(found[0].split()))
