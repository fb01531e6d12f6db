"""Resources as rows. A column appears when it tells the rows apart or says what they are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.contract.ui import Cell, Column, Format, ResourceTable, Table, TableData, TableProps

MOST_ROWS = 5_000
_SEARCHABLE_FROM = 8
_MOST_TAGS = 4
Read = Callable[[Resource], Cell]


def resource_table(
    name: str, title: str, resources: Sequence[Resource], *, skipped: int = 0, footer: str = "", said: frozenset[str]
) -> ResourceTable:
    """The resources that an answer means; `skipped` is how many more matched, `said` what the question itself said."""
    columns = tuple(_columns(resources, said))
    rows = tuple({column.key: read(resource) for column, read in columns} for resource in resources[:MOST_ROWS])
    return ResourceTable(
        id=name,
        props=TableProps(
            title=title,
            subtitle=_subtitle(len(resources), skipped),
            footer=footer,
            tags=_account_tags(resources),
            searchable=len(rows) >= _SEARCHABLE_FROM,
            columns=tuple(column for column, _ in columns),
            total=len(resources),
        ),
        data=TableData(rows=rows),
    )


def counts_table(name: str, title: str, resources: Sequence[Resource]) -> Table:
    """How many of each kind there are in which account and region, most first."""
    counts = Counter((_kind(one), _account(one), one.region) for one in resources).most_common()
    columns = (
        Column(key="kind", label="Kind"),
        Column(key="account", label="Account"),
        Column(key="region", label="Region"),
        Column(key="count", label="Count", format="number"),
    )
    rows: tuple[dict[str, Cell], ...] = tuple(
        {"kind": kind, "account": account, "region": region, "count": number}
        for (kind, account, region), number in counts
    )
    props = TableProps(
        title=title,
        subtitle=_subtitle(len(resources), 0),
        tags=_account_tags(resources),
        searchable=len(rows) >= _SEARCHABLE_FROM,
        columns=columns,
        total=len(rows),
    )
    return Table(id=name, props=props, data=TableData(rows=rows[:MOST_ROWS]))


def _columns(resources: Sequence[Resource], said: frozenset[str]) -> Iterator[tuple[Column, Read]]:
    kinds = {resource.kind for resource in resources}
    if any(resource.name != resource.identifier for resource in resources):
        yield _column("name", "Name", lambda one: one.name)
    yield _column(
        "identifier", next(iter(kinds)).split("_")[-1].title() if len(kinds) == 1 else "Id", _identifier, "code"
    )
    if len(kinds) > 1:
        yield _column("kind", "Kind", _kind)
    yield _column("account", "Account", _account)
    for key, label, read, form in _OPTIONAL:
        values = {read(resource) for resource in resources} - {None, ""}
        if values and not (len(values) == 1 and values <= said):
            yield _column(key, label, read, form)


def _column(key: str, label: str, read: Read, form: Format = "text") -> tuple[Column, Read]:
    return Column(key=key, label=label, format=form), read


def _attribute(name: str) -> Read:
    return lambda resource: resource.attributes.get(name)


def _size(resource: Resource) -> Cell:
    return resource.attributes.get("instance_type") or resource.attributes.get("instance_class")


def _state(resource: Resource) -> Cell:
    return "" if resource.state == "unknown" else resource.native_state or resource.state


_OPTIONAL: tuple[tuple[str, str, Read, Format], ...] = (
    ("region", "Region", lambda one: one.region, "text"),
    ("environment", "Env", lambda one: environment_of(one.tags), "text"),
    ("size", "Type", _size, "text"),
    ("size_gib", "GiB", _attribute("size_gib"), "number"),
    ("state", "State", _state, "state"),
    ("monthly_cost_usd", "USD / month", _attribute("monthly_cost_usd"), "currency"),
)


def _identifier(resource: Resource) -> Cell:
    return resource.identifier


def _account(resource: Resource) -> str:
    return resource.account_name or resource.account_id


def _kind(resource: Resource) -> str:
    return resource.kind.replace("_", " ")


def _account_tags(resources: Sequence[Resource]) -> tuple[str, ...]:
    names = sorted({_account(resource) for resource in resources})
    return tuple(names) if len(names) <= _MOST_TAGS else (f"{len(names)} accounts",)


def _subtitle(shown: int, skipped: int) -> str:
    if skipped:
        return f"{shown} of {shown + skipped} matches"
    return f"{shown} match" if shown == 1 else f"{shown} matches"
