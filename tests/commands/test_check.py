"""`escher check`: a verdict for a script or for many commands, as a document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from escher.cli import main
from escher.contract.check import Check

LINES = """aws ec2 stop-instances --instance-ids i-1
az vm delete -g rg -n vm-1 --yes

gcloud compute instances list
az keyvault secret show --vault-name v -n s
aws ec2 stop-instance --instance-ids i-1
gcloud compute ssh web
curl example.com
"""
VERDICTS = ["write", "destroy", "read", "read", "secret", "invalid", "unknown", "unknown"]


def check(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """The document that the command prints."""
    assert main(["check", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_script_has_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The language is told from the file's ending; calls come with what they act on."""
    script = tmp_path / "stop.py"
    script.write_text("import sys\nimport boto3\nboto3.client('ec2').stop_instances(InstanceIds=sys.argv[1:])\n")
    document = check(capsys, str(script), "i-1", "i-2")
    assert Check.model_validate(document).model_dump(mode="json") == document
    assert (document["verdict"], document["problems"]) == ("write", [])
    assert document["operations"] == [
        {
            "provider": "aws", "service": "ec2", "operation": "stop-instances", "effect": "write",
            "parameters": {"InstanceIds": ["i-1", "i-2"]}, "targets": ["i-1", "i-2"],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("script", "targets"),
    [
        ("gcloud compute instances stop a b --zone z", ["a", "b"]),
        ("az vm start --ids /subscriptions/s/x /subscriptions/s/y", ["/subscriptions/s/x", "/subscriptions/s/y"]),
        ("az vm start -g group -n vm-1", ["vm-1"]),
        ("aws ec2 create-tags --resources i-1 vol-1 --tags Key=a,Value=b", ["i-1", "vol-1"]),
    ],
)
def test_targets_are_what_a_call_acts_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str, targets: list[str]
) -> None:
    """Names and ids, not the group, project or zone they are in."""
    (tmp_path / "x.sh").write_text(script)
    assert check(capsys, str(tmp_path / "x.sh"))["operations"][0]["targets"] == targets


def test_a_problem_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An effect that nobody can tell is a problem, too."""
    (tmp_path / "x.sh").write_text("#!/usr/bin/env bash\nset -euo pipefail\naz vm frobnicate\n")
    assert check(capsys, str(tmp_path / "x.sh"))["problems"][0]["line"] == 3
    (tmp_path / "x.sh").write_text("az vm run-command invoke -g g -n n --command-id x")
    assert "not told by its name" in check(capsys, str(tmp_path / "x.sh"))["problems"][0]["message"]


def test_many_lines_are_answered_one_by_one_in_order() -> None:
    """A document a line, also for an empty one; each is there before the next line is read."""
    with subprocess.Popen(
        [sys.executable, "-m", "escher.cli", "check", "-", "--lines", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        verdicts: list[str] = []
        for line in LINES.splitlines():
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            verdicts.append(json.loads(process.stdout.readline())["verdict"])
        process.stdin.close()
        assert process.stdout.read() == ""
    assert verdicts == VERDICTS and process.returncode == 0


def test_people_read_the_verdict_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then each call, then what is wrong."""
    (tmp_path / "x.sh").write_text("az vm delete -g rg -n vm-1 --yes\nrm x\n")
    assert main(["check", str(tmp_path / "x.sh")]) == 0
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [
        "unknown",
        "destroy  azure vm delete  vm-1",
        "line 2: the program 'rm' is not one that can be read",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, []), (b"aws ec2 describe-vpcs", ["--language", "ruby"]), (b"\xff\xfe", []), (b"#" * (1024 * 1024 + 2), [])],
)
def test_what_cannot_be_read_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: list[str]
) -> None:
    """No file, no such language, no text, far too much of it."""
    script = tmp_path / "x.sh"
    if content is not None:
        script.write_bytes(content)
    assert main(["check", str(script), *words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "invalid_request"


def test_a_language_that_cannot_be_told_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file without an ending needs --language."""
    (tmp_path / "x").write_text("aws ec2 describe-vpcs")
    assert main(["check", str(tmp_path / "x")]) == 2
    assert "--language" in capsys.readouterr().err
