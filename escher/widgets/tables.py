"""Resources as rows. A column appears when it tells the rows apart or says what they are. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from escher.contract.data_requests import DataResult
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


def costs_table(name: str, title: str, resources: Sequence[Resource]) -> Table:
    """What each kind costs a month in which account and region, the dearest first; only what a cost is known of."""
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for one in resources:
        cost = cost_of(one)
        if cost is not None:
            sums[_kind(one), _account(one), one.region] += cost
    columns = (
        Column(key="kind", label="Kind"),
        Column(key="account", label="Account"),
        Column(key="region", label="Region"),
        Column(key="usd", label="USD / month", format="currency"),
    )
    ordered = sorted(sums.items(), key=lambda item: -item[1])
    rows: tuple[dict[str, Cell], ...] = tuple(
        {"kind": kind, "account": account, "region": region, "usd": round(usd, 2)}
        for (kind, account, region), usd in ordered
    )
    props = TableProps(title=title, columns=columns, total=len(rows), searchable=len(rows) >= _SEARCHABLE_FROM)
    return Table(id=name, props=props, data=TableData(rows=rows[:MOST_ROWS]))


def states_table(name: str, title: str, resources: Sequence[Resource]) -> Table:
    """How many of each kind are in which state."""
    counts = Counter((_kind(one), one.state) for one in resources).most_common()
    columns = (
        Column(key="kind", label="Kind"),
        Column(key="state", label="State", format="state"),
        Column(key="count", label="Count", format="number"),
    )
    rows: tuple[dict[str, Cell], ...] = tuple(
        {"kind": kind, "state": state, "count": number} for (kind, state), number in counts
    )
    return Table(id=name, props=TableProps(title=title, columns=columns, total=len(rows)), data=TableData(rows=rows))


def cost_of(resource: Resource) -> float | None:
    """What a resource costs in USD a month, where that is known."""
    cost = resource.attributes.get("monthly_cost_usd")
    return float(cost) if isinstance(cost, int | float) and not isinstance(cost, bool) else None


def told_table(name: str, result: DataResult) -> Table:
    """What the server asked to have counted, as it will be told with the next question."""
    by, measure = result.request.by, result.request.measure
    columns = (
        *(Column(key=dimension, label=dimension.title()) for dimension in by),
        Column(key="at_least", label="At least", format="number"),
    )
    rows: tuple[dict[str, Cell], ...] = tuple(
        {**dict(zip(by, row.values, strict=True)), "at_least": row.at_least} for row in result.rows
    )
    props = TableProps(
        title=f"For the next answer: {measure} counted",
        subtitle="Told to the server with your next question",
        footer="Groups of fewer than five are left out, and counts are rounded down.",
        columns=columns,
        total=len(rows),
    )
    return Table(id=name, props=props, data=TableData(rows=rows))


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
