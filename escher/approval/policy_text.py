"""The policy as text: TOML that people write, read strictly; an error names the place and what is expected. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from escher.contract.policy import Approver, Freeze, Limit, Policy, PolicyRule, When
from escher.errors import InvalidInput

LARGEST = 200_000
"""Characters of a policy; no person writes one that long."""
EXAMPLE = """\
# Deny stands over ask over allow; where no rule says anything, a change is asked about. Tags only raise protection.
#
# [[rules]]
# name = "no terminations in production"
# effect = "deny"
# actions = ["aws ec2 terminate-instances", "az vm delete", "gcloud compute instances delete"]
# environments = ["prod"]
#
# [[limits]]
# name = "a tenth of the instances at once"
# kind = "compute_instance"
# at_most_percent = 10
#
# [[freezes]]
# name = "weekend"
# days = ["sat", "sun"]
# zone = "Europe/Berlin"
"""
_PARTS: Mapping[str, type[BaseModel]] = {
    "rules": PolicyRule, "limits": Limit, "freezes": Freeze, "approvers": Approver, "second_person_for": When,
}  # fmt: skip
_MOST_ERRORS = 8


def read(text: str) -> Policy:
    """The policy that a text is. Raises InvalidInput with every mistake and its place."""
    if len(text) > LARGEST:
        raise InvalidInput(f"this policy is longer than {LARGEST} characters.")
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise InvalidInput(f"this is not TOML: {cause}.", hint="See: escher policy show") from cause
    return policy_of(document)


def policy_of(document: Mapping[str, Any]) -> Policy:
    """The policy that a document is. Raises InvalidInput with every mistake and its place."""
    try:
        return Policy.model_validate(document)
    except ValidationError as cause:
        said = list(dict.fromkeys(_mistake(error) for error in cause.errors()))
        more = f"; and {len(said) - _MOST_ERRORS} more" if len(said) > _MOST_ERRORS else ""
        listed = f"{'; '.join(said[:_MOST_ERRORS])}{more}"
        end = "" if listed.endswith("?") else "."
        raise InvalidInput(f"this is no policy: {listed}{end}", hint="See: escher policy show") from None


def write(policy: Policy) -> str:
    """The text that reads as this policy: what differs from the built-in one, with an example where that is nothing."""
    document = policy.model_dump(mode="python", by_alias=True, exclude_defaults=True, exclude_none=True)
    plain, tables = _split(document)
    return tomli_w.dumps(plain | tables) if document else EXAMPLE


def _split(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Single settings first, as TOML wants them; of each item the fields in the order in which people read them."""
    plain = {name: value for name, value in document.items() if name not in _PARTS}
    tables = {name: [_ordered(item) for item in value] for name, value in document.items() if name in _PARTS}
    return plain, tables


def _ordered(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in sorted(item, key=lambda name: (name not in ("name", "effect"), 0))}


def _mistake(error: Any) -> str:
    """`rules 2 'no-prod': actons is no field; did you mean actions?`"""
    place: Sequence[str | int] = error["loc"]
    where = " ".join(_words(place[:-1] if error["type"] == "extra_forbidden" else place))
    if error["type"] == "extra_forbidden":
        known = list(_fields(place))
        near = get_close_matches(str(place[-1]), known, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
        return f"{where + ': ' if where else ''}{place[-1]} is no field; {meant}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _fields(place: Sequence[str | int]) -> Iterator[str]:
    model = _PARTS.get(str(place[0]), Policy) if len(place) > 1 else Policy
    for name, field in model.model_fields.items():
        yield field.alias or name


def _words(place: Sequence[str | int]) -> Iterator[str]:
    """`rules`, 1, `actions`, 0 → `rules 2 actions 1`: people count from one."""
    return (str(word + 1) if isinstance(word, int) else word for word in place)
