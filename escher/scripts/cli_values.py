"""The texts after an option of az or gcloud: may they stand there, and do they fit its type? Pure; fails closed.

Rule 4 of design.md section 7 for these CLIs: a given text may stand where the CLI takes it as it is (a plain string), or
where it looks like an id, a number or a name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from escher.apis.commands import Option
from escher.apis.validate import UNKNOWN, Unknown
from escher.contract.vocabulary import Provider
from escher.scripts.places import ACCOUNT_WORDS
from escher.scripts.words import Word, as_argument

# A plain string that no CLI takes for an option, a file, a quotation or an address.
_FREE = re.compile(r"[A-Za-z0-9/_.][^\x00-\x1f\x7f]*\Z")
_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_RESOURCE = re.compile(r"/?[A-Za-z0-9][A-Za-z0-9._:/()+-]*\Z")
_FILE_TEXT = re.compile(r"(^|=)\s*@")
_FILE_NAME = re.compile(r"\S*\.(yaml|yml|json)\Z", re.IGNORECASE)
_INLINE = ("{", "[")
_NO_PAIR = (*_INLINE, "null")
_ACCOUNTS = {
    "azure": re.compile(r"/subscriptions/([^/\s,\"']*)", re.IGNORECASE),
    "gcp": re.compile(r"(?:^|(?<=[/=,:\"'\s]))projects/([^/\s,\"']*)"),
}


def refusal(provider: Provider, option: Option, word: Word, account: str | None) -> str:
    """Why this word may not stand after this option; empty when it may."""
    text = word.text
    if option.file and not (option.file == "read" and word.literal and text.lstrip().startswith(_INLINE)):
        return f"{option.names[0]} names a file of this machine"
    if provider == "azure" and any(part.lower() == "null" for part in word.given):
        return "az takes null for no value at all"
    if provider == "azure" and _FILE_TEXT.search(text):
        return f"{text[:60]!r} would be read from a file"
    if option.type in ("list", "map", "structure") and _may_be_file(provider, option, text):
        return f"{text[:60]!r} would be read from a file, if there were one"
    return _given(provider, option, word) or elsewhere(provider, text, account)


def elsewhere(provider: Provider, text: str, account: str | None) -> str:
    """Why a text that names another subscription or project may not stand in a script; empty when it names none."""
    if account is None:
        return ""
    pattern = _ACCOUNTS[provider]
    others = [name for name in pattern.findall(text) if name.lower() != account.lower()]
    what = ACCOUNT_WORDS[provider]
    return f"the {what} {others[0]!r} is not the one that this runs in" if others else ""


def _may_be_file(provider: Provider, option: Option, text: str) -> bool:
    """Both CLIs read a structure from a file when the text is a file's name."""
    if text.startswith(_INLINE):
        return False
    if provider == "gcp":
        return option.type == "structure" and bool(_FILE_NAME.match(text))
    outside = text.startswith(("/", "~", ".")) and not text.lower().startswith("/subscriptions/")
    return outside or bool(_FILE_NAME.match(text))


def _given(provider: Provider, option: Option, word: Word) -> str:
    """Why the given parts of a word may not be there."""
    free = option.type == "string" and not option.choices
    if word.given and word.known and _may_be_given(provider, option, word, free=free):
        return ""
    return as_argument(word, structured=not free)


def _may_be_given(provider: Provider, option: Option, word: Word, *, free: bool) -> bool:
    if provider == "azure" and option.many and option.type in ("string", "map") and _is_pair(word):
        return True
    if option.many and "=" in "".join(word.given):
        return False
    return all(_fits(provider, option, part, free=free) for part in word.given)


def _is_pair(word: Word) -> bool:
    """Whether the word is `key=value` with the author's own `=`, so that a given value cannot bring a key of its own."""
    keys: list[str] = []
    for number, piece in enumerate(word.pieces):
        if piece.origin == "script" and "=" in piece.text:
            values = [later.text for later in word.pieces[number + 1 :] if later.origin == "given"]
            return all(_KEY.match(key) for key in keys) and all(_is_value(value) for value in values)
        keys += [piece.text] if piece.origin == "given" else []
    return False


def _is_value(text: str) -> bool:
    return bool(_FREE.match(text)) and "://" not in text and text.lower() != "null"


def _fits(provider: Provider, option: Option, text: str, *, free: bool) -> bool:
    """Whether a given text may stand here although it does not look like an id to `as_argument`."""
    if "://" in text or (provider == "azure" and ("@" in text or text.lower() == "null")):
        return False
    if free and not option.many:
        return bool(_FREE.match(text))
    return option.type in ("string", "list") and bool(_RESOURCE.match(text))


def problem(option: Option, texts: Sequence[str], provider: Provider) -> str:
    """What the CLI would not take of these known texts; empty when it takes them."""
    for text in texts:
        parts = _elements(option, text) if provider == "gcp" else [text]
        for part in parts:
            if reason := _of_one(option, part, provider):
                return reason
    return _keys(option, texts) if option.keys else ""


def is_resource_id(value: Any) -> bool:
    """Whether `--ids` of az takes this: an id, JSON with ids inside, or what is known only later."""
    return isinstance(value, Unknown) or str(value).startswith(("/", *_INLINE))


def _elements(option: Option, text: str) -> list[str]:
    """The parts of a list that gcloud splits at commas, or at a separator that the text names; others are one."""
    if option.type != "list" or text.startswith("^"):
        return [] if text.startswith("^") else [text]
    return text.split(",")


def _of_one(option: Option, text: str, provider: Provider) -> str:
    if option.choices and not (option.type == "list" and text.startswith(_INLINE)):
        fold = str.lower if option.any_case else str
        if fold(text) not in {fold(choice) for choice in option.choices}:
            return f"cannot be {text[:40]!r}; it is one of {_some(option.choices)}"
    if provider == "azure" and option.type == "map" and text and "=" not in text and not text.startswith(_NO_PAIR):
        return f"takes key=value, not {text[:40]!r}"
    if option.type in ("integer", "float") and not _is_number(option, text, provider):
        return f"takes a number, not {text[:40]!r}"
    return ""


def _is_number(option: Option, text: str, provider: Provider) -> bool:
    try:
        number = int(text) if option.type == "integer" else float(text)
    except ValueError:
        # Many commands of az take null for "take the value away".
        return provider == "azure" and text == "null"
    return math.isfinite(number)


def _keys(option: Option, texts: Sequence[str]) -> str:
    """`--accelerator=type=x,count=1`: only the keys that there are, and all that there must be."""
    if any(re.search(r"^\^|[\"'{}\[\]]", text) for text in texts):
        return ""
    given = {part.partition("=")[0] for text in texts for part in text.split(",")}
    known = {key.rstrip("!") for key in option.keys}
    missing = {key[:-1] for key in option.keys if key.endswith("!")} - given
    if given - known:
        return f"has no key {min(given - known)[:40]!r}; it has {_some(sorted(known))}"
    return f"needs the key {min(missing)!r}" if missing else ""


def value_of(option: Option, words: Sequence[Word]) -> Any:
    """What these words set: a text, a number, or a list where several words may follow."""
    if not all(word.known for word in words):
        return [UNKNOWN] if option.many else UNKNOWN
    texts = [word.text for word in words]
    if option.many:
        return texts
    if option.type == "integer":
        try:
            return int(texts[0])
        except ValueError:
            return texts[0]
    return texts[0]


def _some(values: Sequence[str]) -> str:
    shown = ", ".join(values[:8])
    return shown if len(values) <= 8 else f"{shown} and {len(values) - 8} more"
