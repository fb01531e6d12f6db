"""What an alias stands for in its sentence: a thing's name, its application, its owner, an account, a tag."""

from __future__ import annotations

from dataclasses import dataclass

from escher.contract.context import Mention
from escher_server.agents.understanding.lexicon.conditions import Role, RoleField
from escher_server.agents.understanding.senses import Known

_FIELDS: dict[str, str] = {
    "resource_name": "names",
    "resource_id": "ids",
    "account": "accounts",
    "environment": "environments",
    "application": "applications",
    "owner": "owners",
    "tag_value": "tags",
}
_GROUPS = ("applications", "environments", "owners", "tags", "accounts")


@dataclass(frozen=True, slots=True)
class Clues:
    """What stands around an alias. `after_head`: the thing itself was said before it."""

    role: Role | None = None
    preposition: str = ""
    after_head: bool = False
    before_plural: bool = False
    before_singular: bool = False
    every: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """The field an alias fills, and the tag key when it is a tag's value. `open` when another reading is as good."""

    field: str
    key: str = ""
    open: bool = False


def meaning(known: Known, clues: Clues) -> Meant:
    """The best reading of an alias, from its possible roles and what stands around it."""
    by_field = {_FIELDS[mention.role]: mention for mention in reversed(known.mentions)}
    if clues.role is not None:
        return _explicit(clues.role, by_field)
    if len(by_field) == 1:
        return _meant(next(iter(by_field)), by_field)
    groups = [name for name in _GROUPS if name in by_field]
    if not ({"names", "ids"} & set(by_field)):
        return _meant(_by_preposition(clues.preposition, groups), by_field)
    return _name_or_group(clues, by_field, groups)


def _explicit(role: Role, by_field: dict[str, Mention]) -> Meant:
    wanted: RoleField = role.field
    if wanted in by_field:
        return _meant(wanted, by_field)
    if role.key == "project" and "accounts" in by_field:
        return Meant("accounts")
    if (wanted == "names" and "ids" in by_field) or (wanted == "ids" and "names" in by_field):
        return Meant("ids" if wanted == "names" else "names")
    tag = by_field.get("tags")
    if tag is not None and wanted != "names" and role.key and tag.tag_key == role.key:
        return _meant("tags", by_field)
    if wanted == "container":
        return Meant("tags", role.key)
    return Meant(wanted) if wanted != "accounts" or "applications" not in by_field else Meant("applications")


def _name_or_group(clues: Clues, by_field: dict[str, Mention], groups: list[str]) -> Meant:
    """Both a thing's own name and a group's: the number of the noun beside it decides, else it is open."""
    name = "ids" if "ids" in by_field else "names"
    if clues.before_plural or (clues.after_head and clues.preposition):
        return _meant(_by_preposition(clues.preposition, groups), by_field)
    if clues.before_singular:
        return Meant(name, open=by_field[name].matches != 1)
    return Meant(name, open=clues.every)


def _by_preposition(preposition: str, groups: list[str]) -> str:
    preferred = {"by": "owners", "in": "accounts"}.get(preposition, "applications")
    return preferred if preferred in groups else groups[0]


def _meant(name: str, by_field: dict[str, Mention]) -> Meant:
    return Meant(name, by_field[name].tag_key or "*" if name == "tags" else "")
