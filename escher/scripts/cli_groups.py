"""Options of gcloud that depend on each other: one of several, all together, not without. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from escher.apis.commands import Group, Option


def problems(groups: Sequence[Group], given: frozenset[str]) -> Iterator[str]:
    """What gcloud would not take of the options given (by their names), one sentence each."""
    for group in groups:
        count, found = _count(group, given, required=True)
        yield from found
        if group.required and not count and not found:
            yield f"one of {_names(group)} is missing" if group.exclusive else f"{_names(group)} is missing"


def _count(group: Group, given: frozenset[str], *, required: bool) -> tuple[int, list[str]]:
    """How many members of a group are given, and what is wrong inside it.

    `required` says that every group around this one is required; gcloud's own rule, of its `parser_extensions`.
    """
    required = required and group.required
    have: list[Option | Group] = []
    missing: list[Option | Group] = []
    wrong: list[str] = []
    for member in group.members:
        if _is_given(member, given, wrong, required=required):
            have.append(member)
        elif member.required:
            missing.append(member)
    if missing and have:
        wrong.append(f"{_shown(missing[0])} is missing beside {_shown(have[0])}")
    if group.exclusive and len(have) > 1:
        wrong.append(f"only one of {_names(group)} may be given")
    if group.exclusive and required and not have:
        wrong.append(f"one of {_names(group)} is missing")
    return len(have), wrong


def _is_given(member: Option | Group, given: frozenset[str], wrong: list[str], *, required: bool) -> bool:
    if isinstance(member, Option):
        return member.name in given
    count, found = _count(member, given, required=required)
    wrong += found
    return count > 0


def _names(group: Group) -> str:
    shown = [_shown(member) for member in group.members]
    return ", ".join(shown[:6]) if len(shown) <= 6 else f"{', '.join(shown[:6])} …"


def _shown(member: Option | Group) -> str:
    if isinstance(member, Group):
        return f"({_names(member)})"
    return member.name.upper() if member.positional else member.names[0]
