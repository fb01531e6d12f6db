"""Who asks: the tenant and the rights that an API key stands for. Nothing in a request can add to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from starlette.types import Scope

from escher_server.errors import Forbidden

Right = Literal["user", "publisher", "reviewer", "admin"]

# What a key with this scope may do. Publishing and reviewing are apart, so that nobody need approve their own.
INCLUDES: Mapping[Right, frozenset[Right]] = {
    "user": frozenset({"user"}),
    "publisher": frozenset({"user", "publisher"}),
    "reviewer": frozenset({"user", "reviewer"}),
    "admin": frozenset({"user", "publisher", "reviewer", "admin"}),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a key. `tenant` names their playbooks; `opaque` stands for it in logs and telemetry."""

    tenant: str
    opaque: str
    key_id: str
    rights: frozenset[Right]

    def may(self, *rights: Right) -> bool:
        """Whether the key has one of these rights."""
        return not self.rights.isdisjoint(rights)

    def require(self, *rights: Right) -> None:
        """Raise Forbidden unless the key has one of these rights."""
        if not self.may(*rights):
            raise forbidden(rights)


# The embedded server asks for no key: its caller has every right, and no tenant to keep anything for.
NOBODY = Caller(tenant="", opaque="", key_id="", rights=INCLUDES["admin"])


def forbidden(rights: tuple[Right, ...]) -> Forbidden:
    """The refusal of a key that has none of these rights."""
    return Forbidden(
        f"this key may not do that; it takes the scope {' or '.join(rights)}.",
        hint="Ask the operator: escher server keys create --tenant … --scope …",
    )


def remember(scope: Scope, caller: Caller) -> None:
    """Write down who asks, for whatever comes after."""
    scope.setdefault("state", {})["caller"] = caller


def caller_of(scope: Scope) -> Caller:
    """Who asks; `NOBODY` where no key was asked for."""
    found = scope.get("state", {}).get("caller")
    return found if isinstance(found, Caller) else NOBODY
