"""`escher operations`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

TASKS = """delete a dynamodb table
{"text": "delete a bucket", "service": "s3api"}
{"text": "stop a vm", "provider": "azure"}

{"text": "delete a bucket", "service": "s3appi"}
{"text": 5}
{broken
"""


def escher(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "escher.cli", "operations", *words]
    return subprocess.run(command, input=stdin, text=True, capture_output=True, check=False, timeout=60)


def test_the_document_names_operations_best_first() -> None:
    """Provider, service, operation and score; nothing else is on stdout."""
    done = escher("stop an EC2 instance", "--json", "--limit", "3")
    document = json.loads(done.stdout)
    assert [list(one) for one in document] == [["provider", "service", "operation", "score"]] * 3
    assert document[0] | {"score": 0} == {
        "provider": "aws",
        "service": "ec2",
        "operation": "stop-instances",
        "score": 0,
    }


def test_every_line_has_its_answer() -> None:
    """In order, one JSON document each; what cannot be used is answered with an error, and the next line still is."""
    done = escher("--lines", "--limit", "1", stdin=TASKS)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    found = [" ".join((one[0]["provider"], one[0]["service"], one[0]["operation"])) for one in answers[:3]]
    assert found == ["aws dynamodb delete-table", "aws s3api delete-bucket", "azure vm stop"]
    assert answers[3] == []
    assert [answer["error"]["code"] for answer in answers[4:]] == ["invalid_request"] * 3
    assert "s3api" in answers[4]["error"]["hint"]
    assert done.returncode == 0


def test_a_person_gets_a_table() -> None:
    """With how likely each is."""
    done = escher("spin up a virtual machine", "--provider", "azure", "--limit", "2")
    assert "vm" in done.stdout and "%" in done.stdout


@pytest.mark.parametrize("words", [(), ("x", "--limit", "0"), ("x", "--service", "ec3"), ("x", "--provider", "oracle")])
def test_wrong_input_is_an_error_with_a_hint(words: tuple[str, ...]) -> None:
    """Exit code 2 and a typed error where JSON was asked for."""
    done = escher(*words, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["hint"]
