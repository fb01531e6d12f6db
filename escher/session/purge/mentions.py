"""Does a text name the account that is to go, or a resource of it? Pure.

What other accounts' resources are called as well is no sign of this one: such names are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from escher.context.exposure import stands_for_itself
from escher.context.known import KnownWords
from escher.contract.estate import Account, Resource

_DIGITS_OF_A_NUMBER = 6


class Mentions:
    """What an account and its resources are called, and by nobody else. `words` counts them."""

    def __init__(self, account: Account, mine: Sequence[Resource], others: Iterable[Resource]) -> None:
        shared = {text.casefold() for one in others for text in (one.name, one.identifier)}
        named = [_without(one, shared) for one in mine]
        self._ids = {account.account_id, *(one.resource_id for one in mine)}
        self._place = _place_of(account.account_id)
        self._known = KnownWords(named, [account])
        self.words = {
            "account": 1 + bool(account.name),
            "resource_ids": len(self._ids) - 1,
            "names": len({one.name for one in named if one.name}),
        }

    def has(self, node: Any) -> bool:
        """Whether any text in a JSON value, keys included, names the account or a resource of it."""
        return any(self._in(text) for text in texts(node))

    def pruned(self, node: Any) -> Any:
        """The value without what its lists hold of it; an item goes whole when it cannot do without, as a text cannot."""
        if isinstance(node, Mapping):
            return {key: self.pruned(value) for key, value in node.items()}
        if isinstance(node, list | tuple):
            return [self.pruned(item) for item in node if self.can_do_without(item)]
        return node

    def can_do_without(self, node: Any) -> bool:
        """Whether pruning leaves no name in a value, and no list of it empty: empty may mean "all" where it stood for one."""
        pruned = self.pruned(node)
        return not self.has(pruned) and not _emptied(node, pruned)

    def _in(self, text: str) -> bool:
        if text in self._ids or self._place.search(text):
            return True
        return any(hit.alone and stands_for_itself(text, hit) for hit in self._known.find(text))


def _place_of(account_id: str) -> re.Pattern[str]:
    """Where an account's id stands for it: anywhere, unless it is a word as projects have; then as a part of a longer id."""
    if sum(character.isdigit() for character in account_id) >= _DIGITS_OF_A_NUMBER:
        return re.compile(re.escape(account_id))
    word = re.escape(account_id)
    return re.compile(rf"(?<=[:/]){word}(?![\w-]|\.\w)|(?<![\w.-]){word}(?=[:/])")


def _emptied(before: Any, after: Any) -> bool:
    if isinstance(before, Mapping):
        return any(_emptied(value, after[key]) for key, value in before.items())
    if isinstance(before, list | tuple):
        return bool(before) and not after
    return False


def texts(node: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from texts(item)


def _without(resource: Resource, shared: set[str]) -> Resource:
    """The resource without its tags, which say what it is like and not which it is, and without shared names."""
    names = {field: "" for field in ("name", "identifier") if getattr(resource, field).casefold() in shared}
    return replace(resource, tags={}, account_name="", **names)
