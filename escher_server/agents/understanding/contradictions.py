"""Conditions that nothing can meet, and values that nothing can have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from escher.contract.understanding import Comparison
from escher.contract.vocabulary import Action, Provider
from escher_server.agents.understanding.draft import Draft, Selection
from escher_server.agents.understanding.lexicon.regions import providers_of

_NEGATIVE = re.compile(r"(?:^|(?:to|than|by|of|after|for|with) )(?:- |minus )\d+(?: \w+)?")
_ANY_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_LAST_HOUR, _LAST_MINUTE = 24, 59
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(
    rf"\b({'|'.join(_MONTHS)})[a-z]* (\d{{1,2}})(?![\d:])|\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({'|'.join(_MONTHS)})"
)
# By how its machine sizes are written: which cloud has a size.
_SIZES: tuple[tuple[Provider, re.Pattern[str]], ...] = (
    ("aws", re.compile(r"(?i)(?:(?:db|cache)\.)?[a-z]{1,3}\d{1,2}[a-z0-9-]*\.\w+")),
    ("azure", re.compile(r"(?i)(?:standard|basic)_[a-z]+\d.*")),
    ("gcp", re.compile(r"(?i)(?:e2|n1|n2d?|n4|c2d?|c3d?|t2[ad]|m[1-4]|a[23]|g2|f1|g1)-.*")),
)


def contradicts(selection: Selection) -> bool:
    """Whether the conditions leave nothing over, whatever there is."""
    return (
        any(_takes_all(selection.main, left_out) for left_out in selection.exclude)
        or _is_empty(selection.main.comparisons)
        or _is_in_another_cloud(selection)
    )


def impossible(action: Action, selection: Selection, said: str) -> str:
    """What cannot be, in words: no size, no time, another cloud's size; empty when nothing is."""
    if found := _NEGATIVE.search(said.lower()):
        return f'"{found[0].strip()}"'
    if selection.gib == 0 or (action == "resize" and selection.number == 0):
        return "A size of 0"
    if selection.days is not None and selection.days <= 0:
        return "A time of 0 days"
    if any(one.value <= 0 and one.operator in ("lt", "le") for one in selection.main.comparisons):
        return "Less than nothing"
    for hour, minute in _ANY_CLOCK.findall(selection.schedule):
        if int(hour) > _LAST_HOUR or int(minute) > _LAST_MINUTE:
            return f'A time of "{hour}:{minute}"'
    return _no_day(selection.schedule.lower()) or _anothers_size(selection)


def _no_day(when: str) -> str:
    """`february 30`, `31 april`."""
    for month, day, day_before, month_before in _DATE.findall(when):
        if not 1 <= int(day or day_before) <= _LAST_DAYS[_MONTHS.index(month or month_before)]:
            return f'A date of "{when}"'
    return ""


def _anothers_size(selection: Selection) -> str:
    clouds = {provider for provider, pattern in _SIZES if selection.size and pattern.fullmatch(selection.size)}
    if clouds and selection.providers and not clouds & set(selection.providers):
        return f'The size "{selection.size}" in that cloud'
    return ""


def _takes_all(main: Draft, left_out: Draft) -> bool:
    """`in us-east-1 but not in us-east-1`: what is left out is all that is meant."""
    values = {name: set(found) for name, found in left_out.values.items() if found}
    if not values or left_out.flags or left_out.tags or left_out.comparisons:
        return False
    return all(main.values.get(name) and set(main.values[name]) <= found for name, found in values.items())


def _is_empty(comparisons: Sequence[Comparison]) -> bool:
    """`older than 90 days and younger than 30 days`."""
    lower = [one for one in comparisons if one.operator in ("gt", "ge", "eq")]
    upper = [one for one in comparisons if one.operator in ("lt", "le", "eq")]
    return any(low.field == high.field and low.value > high.value for low in lower for high in upper if low is not high)


def _is_in_another_cloud(selection: Selection) -> bool:
    """`EC2 instances in westeurope`."""
    places = [providers_of(code) for code in selection.main.values.get("regions", ())]
    clouds = set(selection.providers)
    return bool(clouds and places) and all(place and not place & clouds for place in places)
