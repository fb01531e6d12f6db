"""What a person saw of a target, and what became of it since. Pure.

Only what tells one thing from another or decides about it is kept: which it is, its state, its tags, who else manages
it, and a few attributes. What says how much it is used changes all the time, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from escher.contract.estate import Resource
from escher.contract.wire import Wire, digest
from escher.errors import StaleApproval

_ATTRIBUTES = ("attached", "created_at", "encrypted", "instance_type", "public", "size_gib")
_AGAIN = "Scan, ask again and read the new plan."


class Seen(Wire):
    """A target as it is shown. Of its attributes only those that are known, and of those only what seldom changes."""

    resource_id: str
    identifier: str
    name: str
    account_id: str
    region: str
    state: str
    managed_by: str
    tags: dict[str, str]
    attributes: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all of it."""
        return digest(self)

    def fields(self) -> dict[str, Any]:
        """Path of each field (`state`, `tags.env`) → its value."""
        flat = self.model_dump(mode="json", exclude={"tags", "attributes"})
        flat |= {f"tags.{key}": value for key, value in self.tags.items()}
        return flat | {f"attributes.{name}": value for name, value in self.attributes.items()}


def seen(target: Resource) -> Seen:
    """What is seen of a resource."""
    return Seen(
        resource_id=target.resource_id,
        identifier=target.identifier,
        name=target.name,
        account_id=target.account_id,
        region=target.region,
        state=target.state,
        managed_by=target.managed_by,
        tags=target.tags,
        attributes={name: target.attributes[name] for name in _ATTRIBUTES if target.attributes.get(name) is not None},
    )


def differences(shown: Seen, now: Resource | None) -> list[str]:
    """What is no longer as it was shown, one phrase a field; empty when all is."""
    if now is None:
        return ["it is gone"]
    before, after = shown.fields(), seen(now).fields()
    names = dict.fromkeys((*before, *after))
    return [_phrase(name, before, after) for name in names if before.get(name) != after.get(name)]


def must_be_as_shown(shown: Iterable[Seen], now: Mapping[str, Resource]) -> None:
    """Raise StaleApproval that names each target that changed, and of each the fields before and after."""
    changed = [
        f"{plain(one.name or one.resource_id)} has changed since the plan was shown: {', '.join(found)}"
        for one in shown
        if (found := differences(one, now.get(one.resource_id)))
    ]
    if changed:
        more = f"; and {len(changed) - 3} more targets have" if len(changed) > 3 else ""
        raise StaleApproval(f"{'; '.join(changed[:3])}{more}.", hint=_AGAIN)


def _phrase(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if name not in after:
        return f"{plain(name)} was {plain(before[name])} and is not there"
    if name not in before:
        return f"{plain(name)} was not there and is {plain(after[name])}"
    return f"{plain(name)} was {plain(before[name])} and is {plain(after[name])}"


def plain(value: object) -> str:
    """A value as text on one line, cut to 200 letters: names and tags are anybody's words, and may hold control characters."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(value))[:200]
