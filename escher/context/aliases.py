"""Aliases: what stands for a user's own names, ids, accounts and tag values on their way to the server.

Random and new in every conversation, so that two conversations cannot be joined; resolved only on this machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Letter = Literal["r", "a", "t"]
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Stand:
    """What an alias stands for: a word as the user knows it, and the resources that bear it (none for a value)."""

    value: str
    resource_ids: tuple[str, ...] = ()


class Conversation:
    """One conversation's aliases; a `Resolver`. Grows as it is used; `document` and `restored` store it."""

    def __init__(self) -> None:
        self._stands: dict[str, Stand] = {}
        self._by_word: dict[tuple[Letter, str], str] = {}
        self._by_resource: dict[str, str] = {}

    # -- resolving -----------------------------------------------------------------------------------------

    def names(self, word: str) -> tuple[str, ...]:
        """The resource ids that an alias stands for; none when the word is no alias of resources."""
        stand = self._stands.get(word.lower())
        return stand.resource_ids if stand else ()

    def value(self, word: str) -> str:
        """The tag value, account id or name that an alias stands for; the word itself when it is none."""
        stand = self._stands.get(word.lower())
        return stand.value if stand else word

    def alias_of(self, resource_id: str) -> str:
        """The alias of one resource, made if it has none yet."""
        known = self._by_resource.get(resource_id)
        return known or self.stand_for("r", resource_id, resource_id, (resource_id,))

    def __contains__(self, alias: str) -> bool:
        return alias.lower() in self._stands

    # -- making --------------------------------------------------------------------------------------------

    def stand_for(
        self, letter: Letter, word: str, value: str, resource_ids: Iterable[str] = (), avoid: Iterable[str] = ()
    ) -> str:
        """The alias of a word (whatever its case) in one role, made if there is none; `avoid` may not become one.

        The resources are those that bear the word now: they replace those of an earlier time.
        """
        key = (letter, word.casefold())
        alias = self._by_word.get(key) or self._new(letter, frozenset(avoid))
        stand = Stand(value, tuple(resource_ids))
        self._by_word[key] = alias
        self._keep(alias, stand)
        return alias

    def _keep(self, alias: str, stand: Stand) -> None:
        self._stands[alias] = stand
        if len(stand.resource_ids) == 1:
            self._by_resource.setdefault(stand.resource_ids[0], alias)

    def _new(self, letter: Letter, avoid: frozenset[str]) -> str:
        digits = _DIGITS
        while len(self._stands) * 2 >= 10**digits:
            digits += 1
        while True:
            alias = f"{letter}{secrets.randbelow(10**digits):0{digits}d}"
            if alias not in self._stands and alias not in avoid:
                return alias

    # -- storing -------------------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """All aliases as JSON, for the (encrypted) store of conversations."""
        words = {alias: word for (_, word), alias in self._by_word.items()}
        return {
            alias: {"word": words[alias], "value": stand.value, "resource_ids": list(stand.resource_ids)}
            for alias, stand in self._stands.items()
        }

    @classmethod
    def restored(cls, document: Mapping[str, Mapping[str, Any]]) -> Conversation:
        """The conversation of a `document`."""
        conversation = cls()
        for alias, entry in document.items():
            letter: Letter = "a" if alias[0] == "a" else "t" if alias[0] == "t" else "r"
            conversation._by_word[(letter, entry["word"])] = alias
            conversation._keep(alias, Stand(entry["value"], tuple(entry["resource_ids"])))
        return conversation
