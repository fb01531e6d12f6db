"""`escher understand`: one request, or one a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from escher.store.vault import Store
from tests.commands.conftest import Escher, document

LINES = (
    "stop all dev EC2 instances in us-east-1",
    "",
    "which buckets are public?",
    "fix it",
    "Bitte alle Server stoppen",
    "x" * 5_000,
    "release the unused elastic IPs",
)


def answers(escher: Escher, path: Path, *words: str) -> list[dict[str, Any]]:
    """The documents of the lines in a file."""
    path.write_text("\n".join(LINES), "utf-8")
    done = escher("understand", str(path), "--lines", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_line_is_answered_in_order(escher: Escher, store: Store, tmp_path: Path) -> None:
    """An order with its playbooks, a question, and a question back for what is empty, vague, foreign or too long."""
    found = answers(escher, tmp_path / "requests.txt", "--json")
    assert [set(one) for one in found] == [{"understanding", "clarification", "playbooks"}] * len(LINES)
    assert [one["understanding"]["class"] for one in found] == [
        "operation", "clarification", "query", "clarification", "clarification", "clarification", "operation",
    ]  # fmt: skip
    assert [one["clarification"] is None for one in found] == [True, False, True, False, False, False, True]
    assert found[0]["playbooks"] and found[0]["playbooks"][0]["playbook_id"] == "escher-aws-ec2-stop"
    assert "plan" not in json.dumps(found[0]["understanding"])


def test_one_request_is_one_document(escher: Escher, store: Store) -> None:
    """The same, for the words of the command line."""
    found = document(escher("understand", "stop", "web-7", "--json"))
    assert (found["understanding"]["action"], found["understanding"]["filters"]["names"]) == ("stop", ["web-7"])


def test_there_must_be_something_to_read(escher: Escher, store: Store) -> None:
    """No request, two files, or no file: wrong input."""
    assert escher("understand", "--json").returncode == 2
    assert escher("understand", "a.txt", "b.txt", "--lines", "--json").returncode == 2
    assert escher("understand", "nowhere.txt", "--lines", "--json").returncode == 2
