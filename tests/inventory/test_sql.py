"""SQL over the estate answers questions about the estate, and reaches nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from escher.errors import InvalidInput
from escher.inventory.frame import frame
from escher.inventory.sql import ROW, query, rows, where
from tests.inventory.resources import NOW, SMALL, resource

ESTATE = frame(SMALL, NOW)


@pytest.mark.parametrize("form", ["tags['env'] = 'dev'", "tags->>'env' = 'dev'", "tags.env = 'dev'"])
def test_tags_can_be_asked_for(form: str) -> None:
    """In each of the forms that people write."""
    assert [row["identifier"] for row in where(ESTATE, form)] == ["i-1"]


@pytest.mark.parametrize(
    ("predicate", "found"),
    [
        ("state = 'running' AND region = 'us-east-1'", ["i-1"]),
        ("size_gib >= 100 AND NOT attached", ["vol-1"]),
        ("age_days > 5", ["i-1"]),
        ("created_at < TIMESTAMP '2025-06-10'", ["i-1"]),
        ("tags['team'] IS NULL", ["i-2", "vol-1"]),
        ("public IS NULL", ["i-2", "vol-1"]),
        ("name LIKE 'canary%' OR kind = 'disk'", ["i-1", "vol-1"]),
        ("false", []),
    ],
)
def test_predicates_select_resources(predicate: str, found: list[str]) -> None:
    """Columns, attributes, ages and what is unknown."""
    assert [row["identifier"] for row in where(ESTATE, predicate)] == found


def test_rows_have_exactly_the_stable_columns() -> None:
    """Whatever else a frame holds."""
    (row,) = where(ESTATE, "identifier = 'i-1'")
    assert tuple(row) == ROW
    assert json.loads(json.dumps(row)) == {
        "provider": "aws",
        "account_id": "111111111111",
        "region": "us-east-1",
        "resource_type": "aws_ec2_instance",
        "kind": "compute_instance",
        "resource_id": "arn:aws:x:us-east-1:111111111111:x/i-1",
        "identifier": "i-1",
        "name": "canary-name",
        "state": "running",
        "native_state": "running",
        "tags": {"env": "dev", "team": "canary-team"},
    }


def test_a_query_gives_a_frame_of_its_own_columns() -> None:
    """And that frame keeps its rows to itself."""
    found = query(ESTATE, "SELECT state, count(*) AS n, max(name) FROM estate GROUP BY 1 ORDER BY 1")
    assert found[["state", "n"]].to_dict("list") == {"state": ["available", "running", "stopped"], "n": [1, 1, 1]}
    assert "canary" not in repr(found)


def test_rows_of_a_query_are_json() -> None:
    """Times are ISO 8601, nothing is null, and numbers are numbers."""
    found = rows(
        ESTATE, "SELECT created_at, size_gib, tags, avg(age_days) OVER () AS mean, 1.5::DECIMAL(3,1) AS d FROM estate"
    )
    assert json.loads(json.dumps(found))[1:] == [
        {"created_at": None, "size_gib": None, "tags": {"env": "prod"}, "mean": 5.5, "d": 1.5},
        {"created_at": "2025-06-14T15:06:40", "size_gib": 100, "tags": {}, "mean": 5.5, "d": 1.5},
    ]


def test_an_empty_estate_can_be_asked() -> None:
    """No rows, no error."""
    assert where(frame([]), "state = 'running'") == []
    assert rows(frame([]), "SELECT count(*) AS n FROM estate") == [{"n": 0}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '{path}'",
        "SELECT * FROM read_csv('{path}')",
        "SELECT content FROM read_text('{path}')",
        "SELECT content FROM read_blob('{path}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM sniff_csv('{path}')",
        "COPY estate TO '{folder}/out.csv'",
        "ATTACH '{folder}/other.db'",
        "EXPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
        "SET enable_external_access = true",
        "SELECT getenv('HOME')",
        "SELECT * FROM ESTATE_FRAME",
        "SELECT * FROM SMALL",
    ],
)
def test_nothing_but_the_estate_can_be_reached(sql: str, tmp_path: Path) -> None:
    """No file is read or written, no address called, no variable of the program found."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\ncanary,1\n")
    with pytest.raises(InvalidInput) as refused:
        query(ESTATE, sql.format(path=secret, folder=tmp_path))
    assert "canary" not in str(refused.value)
    assert list(tmp_path.iterdir()) == [secret]


def test_a_predicate_can_reach_no_file_either(tmp_path: Path) -> None:
    """Through a subquery, say."""
    secret = tmp_path / "secret.txt"
    secret.write_text("i-1")
    with pytest.raises(InvalidInput):
        where(ESTATE, f"identifier IN (SELECT content FROM read_text('{secret}'))")


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE estate",
        "UPDATE estate SET state = 'stopped'",
        "SELECT 1; SELECT 2",
        "PRAGMA version",
        "CREATE TABLE other AS SELECT 1",
        "",
        "-- nothing",
    ],
)
def test_only_one_select_is_answered(sql: str) -> None:
    """Everything else is refused with the columns listed."""
    with pytest.raises(InvalidInput, match="columns provider, account_id"):
        query(ESTATE, sql)


@pytest.mark.parametrize(
    "predicate",
    ["1=1) UNION SELECT * FROM estate WHERE (1=1", "1=1 LIMIT 1", "1=1; DROP TABLE estate", "nme = 'x'", "", "state ="],
)
def test_a_predicate_is_one_expression(predicate: str) -> None:
    """It cannot end the statement around it, and a typing error lists the columns."""
    with pytest.raises(InvalidInput, match="columns provider, account_id"):
        where(ESTATE, predicate)


def test_an_error_quotes_no_value_of_the_estate() -> None:
    """What ends up in a saved notebook names no resource."""
    with pytest.raises(InvalidInput) as refused:
        query(ESTATE, "SELECT CAST(name AS INTEGER) FROM estate")
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_values_that_look_like_sql_stay_values() -> None:
    """Names and tags are data."""
    odd = resource("i-3", name="x'); DROP TABLE estate; --", tags={"a'b": 'c"d', "ü": "\n"})
    (row,) = where(frame([odd]), "identifier = 'i-3'")
    assert (row["name"], row["tags"]) == (odd.name, odd.tags)
