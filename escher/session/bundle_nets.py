"""The nets behind the allow-list of a support case: words that are the user's own, and shapes of ids and secrets."""

from __future__ import annotations

import getpass
import os
import platform
import socket
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escher.context import patterns
from escher.context.vocabulary import is_everyday, is_public
from escher.settings import Settings

if TYPE_CHECKING:
    from escher.session.wiring import Parts

_MARK = "<redacted>"
# A shorter word is found only where it stands alone: `ana` is a person, and is in `analysis`.
_LONG = 8
_SHORTEST = 3
_SHAPES = (
    *((pattern, "<secret>") for pattern in patterns.SECRETS),
    *patterns.STRUCTURED,
    *patterns.LOOSE,
    (patterns.HOSTS, "<host>"),
    (patterns.OPAQUE, "<secret>"),
)


class Nets:
    """Cleans JSON documents of given words and of known shapes; `caught` counts the texts that it changed."""

    def __init__(self, words: Iterable[str]) -> None:
        self.caught = 0
        self._words = {word.casefold() for word in words if len(word) >= _SHORTEST}
        self._lengths = sorted({len(word) for word in self._words}, reverse=True)

    def clean(self, node: Any) -> Any:
        """The same document, every text in it cleaned. The keys of a document are ours."""
        if isinstance(node, str):
            return self._cleaned(node)
        if isinstance(node, dict):
            return {key: self.clean(value) for key, value in node.items()}
        if isinstance(node, list | tuple):
            return [self.clean(value) for value in node]
        return node

    def _cleaned(self, text: str) -> str:
        cleaned = self._without_words(text)
        for pattern, mark in _SHAPES:
            cleaned = pattern.sub(mark, cleaned)
        self.caught += cleaned != text
        return cleaned

    def _without_words(self, text: str) -> str:
        """Walk along the text and take out, at each place, the longest word that begins there."""
        folded, parts, at = text.casefold(), [], 0
        # Folding may change the length of a text; such a text is not one of ours.
        if len(folded) != len(text):
            return _MARK
        while at < len(text):
            length = next((length for length in self._lengths if self._is_word(folded, at, at + length)), 0)
            parts.append(_MARK if length else text[at])
            at += length or 1
        return "".join(parts)

    def _is_word(self, folded: str, start: int, end: int) -> bool:
        if end > len(folded) or folded[start:end] not in self._words:
            return False
        return end - start >= _LONG or not (folded[start - 1 : start].isalnum() or folded[end : end + 1].isalnum())


def words_of_this_machine(settings: Settings) -> Iterator[str]:
    """Who and where: names of the user and the host, home folders, and whatever the environment holds."""
    yield from (str(Path.home()), str(settings.home), str(Path.cwd()), str(settings.store_path))
    yield from filter(None, (settings.server, settings.api_key, settings.master_key, settings.qdrant_api_key))
    yield from filter(None, (settings.qdrant_url, settings.backup_target, settings.ca_bundle, settings.llm_key))
    yield from (str(path) for path in (settings.passphrase_file, settings.key_file) if path)
    names = {platform.node(), socket.gethostname(), socket.gethostname().partition(".")[0], Path.home().name, _user()}
    yield from (name for name in names if not is_everyday(name))
    yield from (value for value in os.environ.values() if len(value) >= _LONG)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def words_of_the_estate(parts: Parts) -> Iterator[str]:
    """Every name, id, tag and attribute of every resource and account, but for words that are everybody's."""
    accounts = (text for account in parts.estate.accounts() for text in _texts(asdict(account)))
    resources = parts.estate.snapshot().resources.values()
    owned = (
        text
        for one in resources
        for text in (
            one.name, one.identifier, one.resource_id, one.natural_key, one.account_id, one.account_name,
            *one.tags, *_texts(one.tags), *_texts(one.attributes), *_texts(one.iam), *_texts(one.constraints),
        )
    )  # fmt: skip
    yield from (text for text in {*accounts, *owned} if not is_public(text) and not is_everyday(text))


def _texts(node: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)
