"""What the user says of resources: leave these out of the estate, never change those. Pure.

A mark is a pattern such as `tag:env=prod`, `type:aws_ebs_snapshot`, `name:web-*`, `id:i-0abc`, `account:…`, `region:…`
or `kind:…`; `*` and `?` stand for anything and any character.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from escher.contract.estate import Resource
from escher.errors import InvalidInput

MarkEffect = Literal["ignore", "protect"]
FIELDS = ("account", "id", "kind", "name", "region", "tag", "type")


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of a list: what it does to the resources that fit its pattern."""

    effect: MarkEffect
    pattern: str

    def fits(self, one: Resource) -> bool:
        """Whether a resource is meant."""
        field, _, wanted = self.pattern.partition(":")
        if field == "tag":
            key, equals, value = wanted.partition("=")
            return key in one.tags and (not equals or fnmatchcase(one.tags[key], value))
        values = {
            "account": (one.account_id, one.account_name),
            "id": (one.resource_id, one.identifier),
            "kind": (one.kind,),
            "name": (one.name,),
            "region": (one.region,),
            "type": (one.resource_type,),
        }[field]
        return any(fnmatchcase(value, wanted) for value in values)


def mark(effect: MarkEffect, pattern: str) -> Mark:
    """A mark of a pattern. Raises InvalidInput for one that could mean nothing, or everything."""
    field, colon, wanted = pattern.partition(":")
    if field not in FIELDS or not colon or not wanted.strip("*? "):
        raise InvalidInput(
            f"{pattern!r} is no pattern.", hint=f"Write one such as tag:env=prod; fields: {', '.join(FIELDS)}."
        )
    return Mark(effect, pattern)


def fitting(marks: Iterable[Mark], effect: MarkEffect, one: Resource) -> Mark | None:
    """The first mark with this effect that means a resource, or None."""
    return next((found for found in marks if found.effect == effect and found.fits(one)), None)
