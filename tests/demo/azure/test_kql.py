"""The query language by itself, over a small table."""

from __future__ import annotations

from typing import Any

import pytest

from escher.demo.clouds.azure.kql import KqlError, Table, run

COLUMNS = ("id", "name", "type", "location", "size", "made", "tags", "properties", "zones")
ROWS: list[dict[str, Any]] = [
    {
        "id": "/a/VM-1", "name": "vm-1", "type": "compute/vm", "location": "westeurope", "size": 4,
        "made": "2024-01-10T00:00:00.0000000Z", "tags": {"env": "prod", "Cost-Center": "7"},
        "properties": {"power": {"code": "PowerState/running"}, "disks": [{"gb": 30}, {"gb": 64}]}, "zones": ["1", "2"],
    },
    {
        "id": "/a/vm-2", "name": "vm-2", "type": "compute/vm", "location": "eastus", "size": 8,
        "made": "2024-03-01T12:00:00Z", "tags": {"env": "dev"},
        "properties": {"power": {"code": "PowerState/deallocated"}, "disks": [{"gb": 128}]}, "zones": None,
    },
    {
        "id": "/b/disk", "name": "Old Disk", "type": "compute/disk", "location": "eastus", "size": None,
        "made": "2023-05-05T00:00:00Z", "tags": None, "properties": {"note": "it's \"old\""}, "zones": [],
    },
]  # fmt: skip
OTHER = Table(("key", "name"), [{"key": "vm-1", "name": "first"}, {"key": "nobody", "name": "none"}])


def ask(query: str) -> list[dict[str, Any]]:
    return run(query, {"resources": Table(COLUMNS, ROWS), "other": OTHER}).rows


def names(condition: str) -> list[str]:
    return [row["name"] for row in ask(f"resources | where {condition} | project name")]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("name == 'vm-1'", ["vm-1"]),
        ("name != 'vm-1'", ["vm-2", "Old Disk"]),
        ("name == 'VM-1'", []),
        ("name =~ 'VM-1'", ["vm-1"]),
        ("name !~ 'VM-1'", ["vm-2", "Old Disk"]),
        ("id in~ ('/A/vm-1', '/B/DISK')", ["vm-1", "Old Disk"]),
        ("id in ('/A/vm-1', '/b/disk')", ["Old Disk"]),
        ("id !in~ ('/a/vm-1')", ["vm-2", "Old Disk"]),
        ("type !in ('compute/disk')", ["vm-1", "vm-2"]),
        ("name contains 'DISK'", ["Old Disk"]),
        ("name !contains 'vm'", ["Old Disk"]),
        ("name contains_cs 'disk'", []),
        ("name has 'old'", ["Old Disk"]),
        ("name has 'ol'", []),
        ("name has_any ('disk', '2')", ["vm-2", "Old Disk"]),
        ("name startswith 'VM'", ["vm-1", "vm-2"]),
        ("name !startswith 'vm'", ["Old Disk"]),
        ("name endswith '-2'", ["vm-2"]),
        ("name matches regex '^vm-[12]$'", ["vm-1", "vm-2"]),
        ("size > 4", ["vm-2"]),
        ("size >= 4 and size <= 8", ["vm-1", "vm-2"]),
        ("size between (5 .. 9)", ["vm-2"]),
        ("size !between (5 .. 9)", ["vm-1", "Old Disk"]),
        ("isnull(size)", ["Old Disk"]),
        ("isnotnull(size) and not(size == 4)", ["vm-2"]),
        ("isempty(zones)", ["vm-2"]),
        ("location == 'eastus' or size == 4 and name == 'nobody'", ["vm-2", "Old Disk"]),
        ("(location == 'eastus' or size == 4) and type == 'compute/vm'", ["vm-1", "vm-2"]),
        ("tags.env == 'prod'", ["vm-1"]),
        ("tags['Cost-Center'] == '7'", ["vm-1"]),
        ("tags.ENV =~ 'DEV'", ["vm-2"]),
        ("properties.power.code endswith 'running'", ["vm-1"]),
        ("properties.disks[0].gb == 128", ["vm-2"]),
        ("array_length(properties.disks) > 1", ["vm-1"]),
        ("properties.note == \"it's \\\"old\\\"\"", ["Old Disk"]),
        ("todatetime(made) > datetime(2024-02-01)", ["vm-2"]),
        ("made >= datetime(2024-01-10T00:00:00Z) and made < datetime('2024-02-01')", ["vm-1"]),
        ("todatetime(made) < ago(1d)", ["vm-1", "vm-2", "Old Disk"]),
        ("size * 2 + 1 == 9", ["vm-1"]),
        ("toint('8') == size", ["vm-2"]),
        ("1 == 1 // and a remark", ["vm-1", "vm-2", "Old Disk"]),
    ],
)  # fmt: skip
def test_where_keeps_the_rows_that_meet_it(condition: str, found: list[str]) -> None:
    """Comparisons, words, paths and arithmetic choose rows as Kusto does."""
    assert names(condition) == found


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("tolower('AbC')", "abc"),
        ("strcat(name, '-', size)", "vm-1-4"),
        ("split(id, '/')[2]", "VM-1"),
        ("iff(size > 3, 'big', 'small')", "big"),
        ("case(size > 9, 'a', size > 3, 'b', 'c')", "b"),
        ("coalesce(tags.nothing, tags.env)", "prod"),
        ("substring(name, 1, 2)", "m-"),
        ("extract('vm-([0-9]+)', 1, name)", "1"),
        ("tostring(properties.power)", '{"code":"PowerState/running"}'),
        ("parse_json('{\"a\": [1, 2]}').a[1]", 2),
        ("dynamic(['x'])[0]", "x"),
        ("bin(size, 3)", 3),
        ("-size", -4),
        ("size / 0", None),
        ("replace_string(name, 'vm', 'machine')", "machine-1"),
        ("bag_keys(tags)", ["env", "Cost-Center"]),
    ],
)
def test_an_expression_has_its_value(expression: str, value: object) -> None:
    """Functions work on the row's values."""
    assert ask(f"resources | take 1 | project x = {expression}") == [{"x": value}]


def test_summarize_counts_by_key() -> None:
    """Without a name, an aggregate is called after itself."""
    assert ask("resources | summarize count() by type | order by count_ desc") == [
        {"type": "compute/vm", "count_": 2},
        {"type": "compute/disk", "count_": 1},
    ]


def test_aggregates_work_on_each_group() -> None:
    """Sums, extremes, sets and conditional counts of one group."""
    (row,) = ask(
        "resources | where type == 'compute/vm' | summarize n = count(), total = sum(size), least = min(size), "
        "most = max(size), mean = avg(size), places = make_set(location), small = countif(size < 5), "
        "different = dcount(location)"
    )
    assert row == {
        "n": 2, "total": 12, "least": 4, "most": 8, "mean": 6.0, "places": ["westeurope", "eastus"], "small": 1, "different": 2,
    }  # fmt: skip


def test_summarize_of_nothing_still_counts() -> None:
    """Without keys there is always one row."""
    assert ask("resources | where name == 'none' | summarize n = count()") == [{"n": 0}]


def test_rows_are_ordered_by_several_keys() -> None:
    """Descending unless said otherwise, key after key."""
    rows = ask("resources | order by location asc, name desc | project name")
    assert [row["name"] for row in rows] == ["vm-2", "Old Disk", "vm-1"]


def test_top_takes_the_largest() -> None:
    """Nothing is less than any number."""
    assert [row["name"] for row in ask("resources | top 2 by size | project name")] == ["vm-2", "vm-1"]


def test_limit_and_count() -> None:
    """`count` counts what `limit` left."""
    assert ask("resources | limit 2 | count") == [{"Count": 2}]


def test_columns_come_and_go() -> None:
    """What extend makes, project-away takes; a path's column is called by its words."""
    rows = ask("resources | extend a = 1, b = 2 | project-away a | project b, properties.power.code | take 1")
    assert rows == [{"b": 2, "properties_power_code": "PowerState/running"}]


def test_extend_sees_what_it_just_made() -> None:
    """A column may be made of the one before it."""
    assert ask("resources | take 1 | extend a = size, b = a + 1 | project b") == [{"b": 5}]


def test_distinct_drops_repetition() -> None:
    """Each combination stays once."""
    assert ask("resources | distinct location") == [{"location": "westeurope"}, {"location": "eastus"}]


def test_mv_expand_makes_a_row_of_each_member() -> None:
    """An empty list leaves its row."""
    rows = ask("resources | mv-expand disk = properties.disks | project name, gb = disk.gb")
    assert [(row["name"], row["gb"]) for row in rows] == [("vm-1", 30), ("vm-1", 64), ("vm-2", 128), ("Old Disk", None)]


@pytest.mark.parametrize(("kind", "found"), [("inner", [("vm-1", "first")]), ("leftouter", [("vm-1", "first"), ("vm-2", None)])])  # fmt: skip
def test_join_brings_tables_together(kind: str, found: list[tuple[str, str | None]]) -> None:
    """A column that both have gets a number on the right."""
    rows = ask(
        f"resources | where size > 0 | join kind={kind} (other) on $left.name == $right.key | project name, name1"
    )
    assert [(row["name"], row["name1"]) for row in rows] == found


def test_union_adds_rows() -> None:
    """What a table does not have is nothing."""
    assert [row["key"] for row in ask("resources | take 1 | union other | project key")] == [None, "vm-1", "nobody"]


def test_a_query_may_begin_with_an_operator() -> None:
    """It is then about resources."""
    assert ask("where size == 8 | project name") == [{"name": "vm-2"}]


@pytest.mark.parametrize(
    "query",
    [
        "nothing | take 1",
        "resources | wher name == 1",
        "resources | where nme == 1",
        "resources | where frobnicate(name)",
        "resources | where name ==",
        "resources | where (name == 'a'",
        "resources | take x",
        "resources | project name,, |",
        "resources | where name == 'open",
        "resources take 1",
        "resources | join kind=cross (other) on name",
        "resources | where substring()",
        "resources | where name matches regex '('",
        "resources | extend x = now() + now()",
        "resources | extend x = bin(1, 0)",
        "resources | extend x = substring(name, 'a')",
        "resources | mv-expand",
        "",
    ],
)
def test_what_is_not_understood_is_refused(query: str) -> None:
    """A mistake is told, not passed over."""
    with pytest.raises(KqlError):
        ask(query)
