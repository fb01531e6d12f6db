"""`escher scan` while it runs: a board on a terminal, lines in a pipe, one document as JSON, and what Ctrl-C does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.moto_cloud import REGIONS, Refusal, failing
from tests.fixtures.small_estate import FOUND, NAMES, WORDS, SmallEstate, another_home, small_estate
from tests.fixtures.terminal import INTERRUPT, terminal

SCOPES = 12
OF_AN_ACCOUNT = SCOPES // len(NAMES)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallEstate]:
    """One moto for the tests of this file."""
    with small_estate(tmp_path_factory.mktemp("small")) as estate:
        yield estate


@pytest.fixture
def estate(cloud: SmallEstate, tmp_path: Path) -> SmallEstate:
    """It, with nothing scanned yet."""
    cloud.cloud.calls.clear()
    return another_home(cloud, tmp_path / "own")


def run(estate: SmallEstate, *words: str) -> subprocess.CompletedProcess[str]:
    """`escher WORDS`, its output caught."""
    command = [sys.executable, "-m", "escher.cli", *words]
    return subprocess.run(command, env=estate.environment, text=True, capture_output=True, check=False, timeout=120)


def document(estate: SmallEstate, *words: str) -> Any:
    """The one JSON document of a command that does what it is asked."""
    done = run(estate, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows_of(lines: list[str]) -> dict[str, str]:
    """The board's line of each account."""
    found = [(name, line) for line in lines for name in NAMES.values() if re.match(rf"  AWS +{name} ", line)]
    assert len(found) == len(dict(found)), lines
    return dict(found)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_each_account_with_what_is_still_read(estate: SmallEstate, columns: int) -> None:
    """While the volumes of one region hang: the line of an account says how far it is, and which service is still read."""
    with (
        estate.stalled("DescribeVolumes", region=REGIONS[1]) as go_on,
        terminal(*WORDS, environment=estate.environment, columns=columns) as shown,
    ):
        lines = shown.wait_for(lambda lines: sum(f"5 of {OF_AN_ACCOUNT}" in line for line in lines) == len(NAMES))
        rows = rows_of(lines)
        assert rows.keys() == set(NAMES.values())
        assert all("ec2 3/4" in row and "sqs" not in row for row in rows.values())
        assert all(len(line) <= columns for line in lines)
        assert re.search(r"83% · \d+ s · ", lines[-1])
        go_on.set()
        assert shown.ended() == 0
        lines = shown.lines
        assert all(f"{OF_AN_ACCOUNT} of {OF_AN_ACCOUNT}" in row and "✓ done" in row for row in rows_of(lines).values())
        assert lines[len(NAMES)].startswith(f"Scanned: {FOUND} resources in {len(NAMES)} accounts, in ")
        assert lines[len(NAMES) + 1] == f"{SCOPES} scopes, all seen whole · 0 new, 0 changed, 0 gone"


def test_columns_stand_below_each_other(estate: SmallEstate) -> None:
    """In every line of the board `of`, `found` and what follows begin where they do in the others."""
    with terminal(*WORDS, environment=estate.environment) as shown:
        shown.ended()
        rows = rows_of(shown.lines).values()
        assert len({(row.index(" of "), row.index(" found"), row.index("✓")) for row in rows}) == 1


def test_colours_are_for_terminals_alone(estate: SmallEstate) -> None:
    """On a terminal there are some; in a pipe there is not one control character."""
    with terminal(*WORDS, environment=estate.environment) as shown:
        assert shown.ended() == 0
        assert b"\x1b[32m" in shown.printed
        assert shown.cursor_is_shown
    done = run(estate, *WORDS)
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", done.stdout + done.stderr)


def test_a_pipe_gets_a_line_for_each_scope_that_has_something(estate: SmallEstate) -> None:
    """On stderr, with cloud, account, region, type and how many; the report alone is on stdout."""
    done = run(estate, *WORDS)
    lines = [line.split() for line in done.stderr.splitlines() if "aws_" in line]
    expected = {
        ("aws", name, region, type_, "1")
        for name in NAMES.values()
        for region in REGIONS
        for type_ in ("aws_ec2_instance", "aws_ebs_volume", "aws_sqs_queue")
    }
    assert {tuple(line) for line in lines} == expected
    assert len(lines) == len(expected)
    assert done.stdout.splitlines()[0].startswith(f"Scanned: {FOUND} resources in 2 accounts, in ")


def test_json_is_one_document_and_nothing_else(estate: SmallEstate) -> None:
    """Stdout is the report, stderr is empty."""
    done = run(estate, *WORDS, "--json")
    report = json.loads(done.stdout)
    assert (report["status"], report["complete"], len(report["scopes"])) == ("completed", True, SCOPES)
    assert done.stderr == ""


def test_what_was_refused_is_told_with_the_next_move(estate: SmallEstate) -> None:
    """On the board while the scan runs, at its end with what to do, by `escher permissions` with the right to grant."""
    fault = failing("DescribeVolumes", Refusal("UnauthorizedOperation"), region=REGIONS[1])
    estate.cloud.faults.insert(0, fault)
    try:
        with (
            estate.stalled("ListQueues", region=REGIONS[0]) as go_on,
            terminal(*WORDS, environment=estate.environment) as shown,
        ):
            lines = shown.wait_for(lambda lines: sum("✗" in line for line in lines) == len(NAMES))
            assert any(f"✗ shop {REGIONS[1]} aws_ebs_volume: " in line for line in lines)
            go_on.set()
            assert shown.ended() == 0
            assert all("! 1 not seen whole" in row for row in rows_of(shown.lines).values())
            assert any(line.startswith("→ escher permissions") for line in shown.lines)
            assert any(line.startswith("→ escher estate --coverage") for line in shown.lines)
    finally:
        estate.cloud.faults.remove(fault)
    refused = document(estate, "permissions")
    assert {(row["account_id"], row["permission"]) for row in refused} == {
        (account_id, "ec2:DescribeVolumes") for account_id in NAMES
    }


def test_ctrl_c_cancels_and_keeps_what_was_stored(estate: SmallEstate) -> None:
    """It says so and ends with 130; what was read is in the store, and the same command reads only the rest."""
    with (
        estate.stalled("DescribeVolumes"),
        terminal(*WORDS, environment=estate.environment) as shown,
    ):
        shown.wait_for(lambda lines: sum(f"4 of {OF_AN_ACCOUNT}" in line for line in lines) == len(NAMES))
        shown.press(INTERRUPT)
        assert shown.ended() == 130
        assert any(line.startswith("Scan cancelled: kept 8 resources") for line in shown.lines)
        assert any(line.startswith("→ Run it again") for line in shown.lines)
        assert shown.cursor_is_shown
    stored = document(estate, "estate", "--coverage")
    assert {scope["resource_type"] for scope in stored} == {"aws_ec2_instance", "aws_sqs_queue"}
    assert {scope["status"] for scope in stored} == {"complete"}
    assert len(document(estate, "estate")) == 8
    estate.cloud.calls.clear()
    report = document(estate, *WORDS)
    assert report["counts"]["kept_scopes"] == len(stored)
    assert not {"DescribeInstances", "ListQueues"} & {call.operation for call in estate.cloud.calls}
    assert len(document(estate, "estate")) == FOUND
    assert [run["status"] for run in document(estate, "scan", "--history")] == ["completed"]


def test_a_cancelled_scan_is_a_document_too(estate: SmallEstate) -> None:
    """With --json an interrupted scan prints its report, and ends with 130."""
    command = [sys.executable, "-m", "escher.cli", *WORDS, "--json"]
    with estate.stalled("DescribeVolumes"):
        process = subprocess.Popen(command, env=estate.environment, stdout=subprocess.PIPE, text=True)
        _wait_for_calls(estate, "DescribeVolumes", 4)
        process.send_signal(2)
        printed, _ = process.communicate(timeout=60)
    report = json.loads(printed)
    assert (process.returncode, report["status"], report["complete"]) == (130, "cancelled", False)


def test_ctrl_c_twice_leaves_at_once(estate: SmallEstate) -> None:
    """Even while a call hangs that cannot be broken off; the terminal is left in order and the store opens."""
    with (
        estate.stalled("AssumeRole"),
        terminal(*WORDS, environment=estate.environment) as shown,
    ):
        shown.wait_for(lambda lines: len(rows_of(lines)) == len(NAMES))
        _wait_for_calls(estate, "AssumeRole", 1)
        shown.press(INTERRUPT)
        shown.wait_for(lambda lines: any("Cancelling" in line for line in lines))
        shown.press(INTERRUPT)
        assert shown.ended() == 130
        assert shown.cursor_is_shown
        assert not any("Traceback" in line for line in shown.lines)
    assert document(estate, *WORDS)["complete"]


def _wait_for_calls(estate: SmallEstate, operation: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while sum(operation in call.operation for call in estate.cloud.calls) < count:
        assert time.monotonic() < deadline, "the scan did not get that far"
        time.sleep(0.05)
