"""Words as the command reference compares them: cut where names are cut, without endings, stop words left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise


def word_set(text: str) -> frozenset[str]:
    """The words of a text that has nothing else between them than blanks."""
    return frozenset(text.split())


STOP = word_set(
    "a an the of for to in on with from by and or that this these those is are was be been it its as at your you my our "
    "their which who will can may has have had if when into using use used following specified given all any each one "
    "more such also other than then there only not no do does via about per within between i we me us please"
)
_WORD = re.compile(r"[A-Za-z]+[0-9]*[A-Za-z]*|[0-9]+[A-Za-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2,})")
_VOWEL = re.compile("[aeiouy]")
# Words whose end is no ending, and the few forms that rules get wrong.
_AS_THEY_ARE = word_set("data dns sms ses ecs rds kms eks sns sqs ebs efs dms iops tls https aws vms analysis")
_FORMS = {"indices": "index", "indexes": "index", "sent": "send", "ran": "run", "sets": "set", "setting": "set"} | {
    "putting": "put", "getting": "get", "ids": "id", "vpcs": "vpc", "analyses": "analysis", "vms": "vm",
}  # fmt: skip


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word in lower case without its ending: `policies` → `polici`, `created` → `creat`, `stopping` → `stop`."""
    if word in _FORMS:
        return _FORMS[word]
    if len(word) <= 3 or word in _AS_THEY_ARE:
        return word
    word = _without_ending(_singular(word))
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > 3 and word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes", "uses", "ases")) and len(word) > 5:
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_ending(word: str) -> str:
    for ending, longer_than in (("ing", 5), ("ed", 4)):
        root = word.removesuffix(ending)
        if root != word and len(word) > longer_than and _VOWEL.search(root):
            doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root
    return word


def plain_words(text: str) -> list[str]:
    """The words of a text as they stand, compounds in their parts and whole: `DBInstance` → `DB Instance DBInstance`."""
    found: list[str] = []
    for word in _WORD.findall(text):
        parts = _CAMEL.split(word)
        found += [*parts, word] if len(parts) > 1 else parts
    return found


def terms(text: str) -> list[str]:
    """The stems of a text in their order, without stop words."""
    return [stem(word) for word in map(str.lower, plain_words(text)) if word not in STOP]


def pairs(sequence: Sequence[str]) -> list[tuple[str, str]]:
    """Neighbours."""
    return list(pairwise(sequence))


def is_plural(word: str) -> bool:
    """Whether a noun stands for several things, going by its end."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))
