"""Numbers with a meaning: ages, sizes, costs, amounts, and the names of machine sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from escher.contract.understanding import Comparison, Measure, Operator
from escher_server.agents.understanding.lexicon.phrases import words

_DAYS: dict[str, float] = {
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1,
    "week": 7,
    "month": 30,
    "year": 365,
    "quarter": 91,
}
_GIB: dict[str, float] = {
    **dict.fromkeys(("gb", "gib", "gig", "gigs", "gigabyte", "gigabytes", "g"), 1),
    **dict.fromkeys(("tb", "tib", "terabyte", "terabytes", "t"), 1024),
    **dict.fromkeys(("mb", "mib", "megabyte", "megabytes"), 1 / 1024),
}
_AGE_UNIT = r"(?P<age>minute|hour|day|week|month|year|quarter)s?"
_SIZE_UNIT = rf"(?P<size>{'|'.join(sorted(_GIB, key=len, reverse=True))})"
_COST_UNIT = r"(?P<cost>\$|usd|dollars?|bucks|eur|euros?)"
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)"
_ABOUT = r"(?:(?:about|around|roughly|approximately) )?"
_MORE = (
    r"(?:older|bigger|larger|greater|more|higher|longer|over|above|exceeding|beyond|at least|no less than|not less "
    r"than|upwards of"
    r"|costing|minimum of|>=|>|from before)"
)
_LESS = (
    r"(?:younger|newer|smaller|less|lower|fewer|cheaper|shorter|under|below|at most|no more than|not more than|up to|"
    r"<=|<)"
)
_COMPARISON = re.compile(
    rf"(?P<side>{_MORE}|{_LESS}|exactly)(?: than| to)?(?: or equal to)? {_ABOUT}(?:\$ ?)?{_NUMBER} ?(?:{_SIZE_UNIT}|"
    rf"{_AGE_UNIT}|{_COST_UNIT})"
    r"(?: (?P<memory>(?:of )?(?:memory|ram)))?(?: (?:old|of age|ago|in size|of storage|of space|a month|per month|"
    r"monthly|or more|or older|each))*(?= |$)"
)
_DOLLARS = re.compile(
    rf"(?P<side>{_MORE}|{_LESS})(?: than)? {_ABOUT}\$ ?{_NUMBER}(?: (?:a|per) month| monthly)?(?= |$)"
)
_AT_LEAST = re.compile(
    rf"{_NUMBER}\+? ?(?:{_SIZE_UNIT}|{_AGE_UNIT}) (?:old )?(?P<side>or more|or older|and older|or larger|and up|or "
    rf"bigger|or less|or newer|or smaller)(?= |$)"
)
_RECENT = re.compile(
    rf"(?:created|made|launched|taken|started|added) (?:in|within|during|over) the (?:last|past) {_NUMBER} "
    rf"{_AGE_UNIT}(?= |$)"
)
_BEFORE = re.compile(
    rf"(?:created|made|launched|taken|from|dating from) (?P<side>more than|over|at least|before)? ?{_NUMBER} "
    rf"{_AGE_UNIT} ago(?= |$)"
)
_ONE = re.compile(r"\b(?:an?|one)\b(?= (?:hour|day|week|month|year|quarter|tb|gb)s?\b)")
_EXACT = re.compile(rf"{_NUMBER} ?-?{_SIZE_UNIT}(?= |$)")
_SPAN = re.compile(rf"{_NUMBER}[ -]{_AGE_UNIT}(?= |$)(?! (?:ago|old|or|and (?:older|up)))")
_OLD = re.compile(rf"{_NUMBER}[ -]{_AGE_UNIT}[ -]old(?= |$)")
_MORE_SIDE = re.compile(rf"{_MORE}|or more|or older|and older|or larger|and up|or bigger")
_INCLUSIVE = re.compile(r"at least|no less|not less|minimum|>=|at most|no more|not more|up to|<=|or ")
COMPARISON_STARTERS = words(
    "older bigger larger greater more higher longer over above exceeding beyond at no not upwards costing minimum > "
    "< from younger "
    "newer smaller less lower fewer cheaper shorter under below up exactly created made launched taken started added "
    "dating"
)

SIZE = re.compile(
    r"(?:(?:db|cache|search|ml)\.)?[a-z]{1,3}\d{1,2}[a-z0-9-]*\.(?:nano|micro|small|medium|large|xlarge|"
    r"\d{1,2}xlarge|metal(?:-\d+xl)?)"
    r"|(?:standard|basic)_[a-z]+\d+[a-z0-9_]*"
    r"|(?:db-)?(?:e2|n1|n2d?|n4|c2d?|c3d?|c4a?|t2[ad]|m[1-4]|a[23]|g2|f1|g1|custom)-(?:standard|highmem|highcpu|"
    r"micro|small|medium|"
    r"ultramem|megamem|custom)(?:-\d+)*"
    r"|[bdefhlmn]\d{1,3}[a-z]{0,3}_v\d"
)
# Names of sizes that could be anything's name elsewhere: taken for a size only behind `to`.
SKU = re.compile(
    r"(?:[a-z]{1,3}\d{1,3}(?:v\d)?|(?:gp|bc|hs|mo)_[a-z0-9_]+|db-[a-z0-9-]+|(?:basic|standard|premium|free|shared|general"
    r"purpose|businesscritical|hyperscale)(?:_[a-z0-9_]+)?|gp[23]|io[12]|st1|sc1|(?:standard|premium|ultra)ssd_lrs)"
)
AMOUNT = re.compile(
    r"(?:the )?(?:(?:first|last|top|latest) (?P<first>\d+)|(?P<number>\d+) (?P<order>oldest|newest|latest|largest|"
    r"biggest|smallest|most expensive|"
    r"cheapest|most recent|youngest)|(?P<single>oldest|newest|latest|largest|biggest|smallest|most expensive|"
    r"cheapest|most recent|youngest))(?= |$)"
)
AMOUNT_STARTERS = words("the oldest newest latest largest biggest smallest cheapest most youngest first last top")


@dataclass(frozen=True, slots=True)
class Measured:
    """A comparison and how many characters of the text it took."""

    comparison: Comparison
    length: int


def comparison(text: str) -> Measured | None:
    """`older than 30 days`, `over 100 gb`, `500 gb or more` at the start of `text`; sizes in GiB, ages in days."""
    text = _ONE.sub("1", text)
    for pattern in (_COMPARISON, _DOLLARS, _AT_LEAST, _RECENT, _BEFORE, _OLD):
        found = pattern.match(text)
        if found:
            return Measured(_read(found, recent=pattern is _RECENT), found.end())
    return None


def exact_size(text: str) -> tuple[int, int] | None:
    """`100 gb`, `512 mb` at the start of `text`: in MiB, and how many characters it took."""
    found = _EXACT.match(text)
    if not found:
        return None
    mib = float(found["number"].replace(",", "")) * _GIB[found["size"]] * 1024
    return (round(mib), found.end()) if mib >= 1 else None


def span(text: str) -> tuple[float, int] | None:
    """`30 days` at the start of `text`: in days, and how many characters it took."""
    found = _SPAN.match(_ONE.sub("1", text))
    return (round(float(found["number"].replace(",", "")) * _DAYS[found["age"]], 4), found.end()) if found else None


def _read(found: re.Match[str], *, recent: bool) -> Comparison:
    groups = found.groupdict()
    number = float(groups["number"].replace(",", ""))
    side = groups.get("side") or ("more" if "side" in groups or recent or groups.get("cost") else "old")
    field: Measure = "monthly_cost_usd"
    if groups.get("age"):
        field, number = "age_days", number * _DAYS[groups["age"]]
    elif groups.get("size") and groups.get("memory"):
        field, number = "memory_mib", number * _GIB[groups["size"]] * 1024
    elif groups.get("size"):
        field, number = "size_gib", number * _GIB[groups["size"]]
    return Comparison(field=field, operator=_operator(side, recent=recent), value=round(number, 4))


def _operator(side: str, *, recent: bool) -> Operator:
    if side == "old":
        return "ge"
    if side == "exactly":
        return "eq"
    if recent or not (_MORE_SIDE.match(side) or side in ("before",)):
        return "le" if recent or _INCLUSIVE.match(side) else "lt"
    return "ge" if _INCLUSIVE.match(side) else "gt"
