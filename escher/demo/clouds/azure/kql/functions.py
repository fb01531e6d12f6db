"""Kusto's functions over values, and its aggregates over rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from escher.demo.clouds.azure.kql.values import moment, number, order, same, text, truth


def _whole(value: Any) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _part(value: Any, start: Any, length: Any = None) -> str:
    return text(value)[int(start) :][: None if length is None else int(length)]


def _split(value: Any, separator: Any, at: Any = None) -> list[str]:
    parts = text(value).split(text(separator))
    return parts if at is None else parts[int(at) : int(at) + 1]


def _extracted(pattern: Any, group: Any, value: Any) -> str:
    found = re.search(text(pattern), text(value))
    return (found.group(int(group)) or "") if found else ""


def _case(*given: Any) -> Any:
    for condition, value in zip(given[:-1:2], given[1::2], strict=False):
        if truth(condition):
            return value
    return given[-1]


def _coalesced(*given: Any) -> Any:
    return next((one for one in given if one not in (None, "")), None)


def _binned(value: Any, size: Any) -> Any:
    if isinstance(size, timedelta):
        at = moment(value)
        if at is None:
            return None
        seconds = size.total_seconds()
        return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
    found = number(value)
    return None if found is None else found // size * size


def _rounded(value: Any, digits: Any = 0) -> float | None:
    found = number(value)
    return None if found is None else round(found, int(digits))


def _empty(value: Any) -> bool:
    return value in (None, "")


def _filled(value: Any) -> bool:
    return not _empty(value)


def _chosen(condition: Any, yes: Any, no: Any) -> Any:
    return yes if truth(condition) else no


def _ago(span: timedelta) -> datetime:
    return datetime.now(UTC) - span


def _keys(value: Any) -> list[str] | None:
    return list(value) if isinstance(value, dict) else None


def _some(value: Any) -> bool:
    return value is not None


def _nothing(value: Any) -> bool:
    return value is None


def _denied(value: Any) -> bool:
    return not truth(value)


def _replaced(value: Any, old: Any, new: Any) -> str:
    return text(value).replace(text(old), text(new))


def _letters(value: Any) -> int:
    return len(text(value))


def _boolean(value: Any) -> bool | None:
    return None if _empty(value) else truth(value)


def _lower(value: Any) -> str:
    return text(value).lower()


def _upper(value: Any) -> str:
    return text(value).upper()


def _trimmed(pattern: Any, value: Any) -> str:
    return re.sub(f"^(?:{pattern})|(?:{pattern})$", "", text(value))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ago": _ago,
    "array_length": _length,
    "bag_keys": _keys,
    "bin": _binned,
    "case": _case,
    "coalesce": _coalesced,
    "datetime": moment,
    "dynamic": _parsed,
    "extract": _extracted,
    "iff": _chosen,
    "iif": _chosen,
    "isempty": _empty,
    "isnotempty": _filled,
    "isnotnull": _some,
    "isnull": _nothing,
    "not": _denied,
    "now": lambda: datetime.now(UTC),
    "pack_array": lambda *given: list(given),
    "parse_json": _parsed,
    "replace_string": _replaced,
    "round": _rounded,
    "split": _split,
    "strcat": lambda *given: "".join(text(one) for one in given),
    "strlen": _letters,
    "substring": _part,
    "tobool": _boolean,
    "todatetime": moment,
    "todouble": number,
    "todynamic": _parsed,
    "toint": _whole,
    "tolong": _whole,
    "tolower": _lower,
    "toreal": number,
    "tostring": text,
    "toupper": _upper,
    "trim": _trimmed,
}

Values = Sequence[Any]


def _numbers(values: Values) -> list[float | int]:
    return [found for one in values if (found := number(one)) is not None]


def _different(values: Values) -> list[Any]:
    found: list[Any] = []
    for one in values:
        if one is not None and not any(same(one, other) for other in found):
            found.append(one)
    return found


def _average(values: Values) -> float | None:
    found = _numbers(values)
    return sum(found) / len(found) if found else None


def _known(values: Values) -> list[Any]:
    return [one for one in values if one is not None]


AGGREGATES: dict[str, Callable[[Values], Any]] = {
    "any": lambda values: next(iter(values), None),
    "avg": _average,
    "count": len,
    "countif": lambda values: sum(truth(one) for one in values),
    "dcount": lambda values: len(_different(values)),
    "make_list": _known,
    "make_set": _different,
    "max": lambda values: max(_known(values), key=order, default=None),
    "min": lambda values: min(_known(values), key=order, default=None),
    "sum": lambda values: sum(_numbers(values)),
    "take_any": lambda values: next(iter(values), None),
}
"""Over the values of the rows of a group; of `count()`, over the rows."""
