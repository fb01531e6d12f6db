"""Who is asked too often stops reading: ordinary commands that only read run without a question, and no write does.

The commands are other people's (ESCHER_REAL_DATA/aws_tasks.jsonl). Which of them read is judged by the verb of the
operation that is typed, and by hand for the rest, never by what Escher thinks of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.approval.facts import Facts
from escher.approval.policy import assess
from escher.contract.plan import Plan, Step
from escher.contract.policy import Policy
from escher.contract.ports import Reading
from escher.scripts.reader import Reader
from tests.approval.conftest import NOW, instance

VERBS = re.compile(
    r"^aws +(?:-\S+ +)*([a-z0-9-]+) +((?:batch-)?(?:describe|get|list|ls|lookup|search|head|scan|query|wait)\b\S*)"
)
# By hand: what else only reads, and what the words above do not fit.
ALSO_READ = frozenset({
    "iot validate-security-profile-behaviors", "appconfig validate-configuration", "lightsail is-vpc-peered",
    "servicediscovery discover-instances", "servicediscovery discover-instances-revision", "iot test-authorization",
    "cloudfront verify-dns-configuration",
})  # fmt: skip
# By hand: hands out what opens something, or what people keep there although they should not (a build's environment).
HANDS_OUT = frozenset({
    "codeartifact get-authorization-token", "ecr get-authorization-token", "ecr-public get-authorization-token",
    "ecr-public get-login-password", "lightsail get-instance-access-details", "codebuild batch-get-projects",
    "lightsail get-relational-database-master-user-password", "codebuild batch-get-builds", "codebuild batch-get-build-batches",
})  # fmt: skip
# By hand: with a word at the end that names a file to write.
WRITES_A_FILE = frozenset({
    "appconfig get-hosted-configuration-version", "codeartifact get-package-version-asset", "omics get-read-set",
    "omics get-reference", "medical-imaging get-image-frame", "workmailmessageflow get-raw-message-content",
})  # fmt: skip
# By hand: nothing that a shell or the CLI would take as it is written.
BROKEN = frozenset({"ram list-resources", "ssm list-associations", "servicediscovery list-operations"})
BROKEN_TEXT = re.compile(
    r"<[^>]*(?:ID|name)>|\((?:Data|DATE|Integer)|get-policy --policy-name \S+ --policy-version-id|OrganizationalUnitId"
)
TOUCHES_FILES = re.compile(r"file(?:b)?://|[^-]> ?\w|\| *\w")


def _tasks() -> list[str]:
    folder = os.environ.get("ESCHER_REAL_DATA")
    if not folder:
        pytest.skip("ESCHER_REAL_DATA does not name the folder with aws_tasks.jsonl")
    lines = (Path(folder) / "aws_tasks.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["command"] for line in lines]


def _operation(command: str) -> str:
    words = [word for word in command.split()[1:] if not word.startswith("-")]
    return " ".join(words[:2])


def reads(command: str) -> bool:
    """Whether a command reads, by its verb."""
    return VERBS.match(command) is not None or _operation(command) in ALSO_READ


def is_ordinary(command: str) -> bool:
    """Whether a command that reads does nothing besides: neither files nor credentials, and it could run at all."""
    name = _operation(command)
    special = name in HANDS_OUT | WRITES_A_FILE | BROKEN
    return not special and not BROKEN_TEXT.search(command) and not TOUCHES_FILES.search(command)


def asks(command: str, reading: Reading) -> bool:
    """Whether a person is asked before this runs as the client's own call, or it is refused."""
    target = instance(1)
    step = Step(
        title="Read", language="bash", script=command, step_id="1", number=1, phase="check", effect=reading.effect,
        provider="aws", account_id=target.account_id, region=target.region, targets=(target.resource_id,),
        operations=reading.operations,
    )  # fmt: skip
    plan = Plan(
        plan_id="p", question="", title="Read", playbook_id="own", version="1.0.0", risk="low", effect=reading.effect,
        reversible=True, policy_version="", created_at="", expires_at="", steps=(step,),
    )  # fmt: skip
    facts = Facts(NOW, own_scripts=frozenset({hashlib.sha256(command.encode()).hexdigest()}))
    return bool(reading.problems) or reading.invalid or assess(plan, [target], Policy(), facts).requires_approval


def test_ordinary_reads_are_not_asked_about(record_property: Callable[[str, object], None]) -> None:
    """At most 2 % of the commands that only read ask, or are refused for how they are written."""
    reader = Reader()
    ordinary = [command for command in _tasks() if reads(command) and is_ordinary(command)]
    asked = [command for command in ordinary if asks(command, reader.read(command, "bash"))]
    record_property("cases", len(ordinary))
    record_property("asked", len(asked))
    assert len(ordinary) > 450
    assert len(asked) <= 0.02 * len(ordinary), "\n".join(asked)


def test_no_write_is_taken_for_a_read() -> None:
    """None of the commands whose verb changes something runs without a question."""
    reader = Reader()
    writing = [command for command in _tasks() if not reads(command)]
    free = [command for command in writing if not asks(command, reader.read(command, "bash"))]
    assert len(writing) > 550
    assert free == []
