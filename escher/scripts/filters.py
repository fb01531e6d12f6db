"""Programs that only pass text on, with the options that keep them so: no files, no other programs. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from escher.scripts.words import Word

_COUNT = re.compile(r"-[nc]?[0-9]{1,6}\Z")
# A jq program may select and compare; words of the language that read files, variables or more input are not here.
_JQ_TEXT = re.compile(r'"[^"\\]*"')
_JQ_WORD = re.compile(r"(?<![.\w$])[A-Za-z_]\w*|\$\w*")
_JQ_VOCABULARY = (
    "select map length keys join sort sort_by unique unique_by first last tostring tonumber test startswith "
    "endswith contains any all not and or empty type add has is_empty flatten reverse min max to_entries "
    "from_entries if then elif else end true false null"
)
_JQ_WORDS = frozenset(_JQ_VOCABULARY.split())
_JQ_CHARACTERS = re.compile(r"[\w\s.\[\]|:,(){}=!<>?/+*-]*\Z")


def refusal(name: str, words: Sequence[Word]) -> str:
    """Why this filter with these words is not known to be harmless; empty when it is."""
    if not all(word.literal for word in words):
        return f"{name} gets a value that is not in the script"
    check = _FILTERS.get(name)
    if check is None:
        return f"the program {name!r} is not one that can be read"
    return "" if check([word.text for word in words]) else f"these options of {name} are not known to be harmless"


def _options(allowed: str, *, texts: int = 0) -> Callable[[Sequence[str]], bool]:
    """Only single-letter options out of `allowed`, and exactly so many other words."""

    def check(words: Sequence[str]) -> bool:
        options = [word for word in words if word.startswith("-") and word != "-"]
        known = all(re.fullmatch(f"-[{allowed}]+", option) for option in options)
        return known and len(words) - len(options) == texts and "-" not in words

    return check


def _counted(words: Sequence[str]) -> bool:
    """`-n 5`, `-n5`, `-5` or nothing."""
    if len(words) == 2:
        return words[0] in ("-n", "-c") and words[1].isdigit()
    return not words or (len(words) == 1 and bool(_COUNT.match(words[0])))


def _tr(words: Sequence[str]) -> bool:
    return len(words) == 2 and (words[0] in ("-d", "-s") or not words[0].startswith("-"))


def _cut(words: Sequence[str]) -> bool:
    joined = " ".join(words)
    return bool(re.fullmatch(r"(-d ?.|-f ?[0-9,-]+|-c ?[0-9,-]+)( (-d ?.|-f ?[0-9,-]+))?", joined))


def _jq(words: Sequence[str]) -> bool:
    programs = [word for word in words if not re.fullmatch("-[rcesj]+", word)]
    if len(programs) != 1:
        return False
    bare = _JQ_TEXT.sub("", programs[0])
    return bool(_JQ_CHARACTERS.match(bare)) and all(word in _JQ_WORDS for word in _JQ_WORD.findall(bare))


_FILTERS: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "grep": _options("qvcinEFowx", texts=1),
    "head": _counted,
    "tail": _counted,
    "sort": _options("unrh"),
    "uniq": _options("cdu"),
    "wc": _options("lwc"),
    "tr": _tr,
    "cut": _cut,
    "jq": _jq,
    "cat": lambda words: not words,
}
