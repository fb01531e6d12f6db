"""Which keys bear which tokens: the inverted index of words and of filter fields."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

Token = TypeVar("Token", bound=Hashable)


class Postings(Generic[Token]):
    """Which keys bear a token, and with what weight."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[Token, ...]] = {}
        self._keys: dict[Token, dict[str, float]] = {}

    def put(self, key: str, weights: Mapping[Token, float]) -> None:
        """Set the tokens of a key."""
        self.drop(key)
        self._tokens[key] = tuple(weights)
        for token, weight in weights.items():
            self._keys.setdefault(token, {})[key] = weight

    def drop(self, key: str) -> None:
        """Forget a key."""
        for token in self._tokens.pop(key, ()):
            del self._keys[token][key]

    def bearing(self, token: Token) -> Mapping[str, float]:
        """The keys that bear a token, with its weight there."""
        return self._keys.get(token, {})

    def tokens(self) -> list[Token]:
        """All tokens."""
        return list(self._keys)

    def keys(self) -> set[str]:
        """All keys."""
        return set(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)
