"""The session policies of steps: enough for every script of the library, and little more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from escher.contract.plan import Operation
from escher.providers.aws.narrowing import LIMIT, session_policy
from escher.scripts.reader import Reader
from escher_server.settings import PACKAGED_LIBRARY

MACHINE = "arn:aws:ec2:us-east-1:111111111111:instance/i-0123456789abcdef0"
_SCRIPTS = sorted(Path(PACKAGED_LIBRARY).glob("*-aws-*/*/scripts/*/*/metadata.json"))


def _stop(**parameters: Any) -> Operation:
    return Operation(provider="aws", service="ec2", operation="stop-instances", parameters=parameters, effect="write")


def _actions(policy: str) -> set[str]:
    return {action for statement in json.loads(policy)["Statement"] for action in statement["Action"]}


def test_the_library_is_there() -> None:
    """The scripts of the AWS playbooks are found."""
    assert len(_SCRIPTS) > 100


@pytest.mark.parametrize("metadata", _SCRIPTS, ids=lambda path: path.parts[-3])
def test_a_script_of_the_library_gets_the_permissions_that_it_declares(metadata: Path) -> None:
    """What its author says that it needs, apart from tags, which depend on the targets."""
    script = (metadata.parent / "code" / "bash" / "main.sh").read_text("utf-8")
    operations = Reader().read(script, "bash", ("one", "two", "three")).operations
    declared = set(json.loads(metadata.read_text("utf-8"))["permissions_required"])
    needed = {action for action in declared if "tag" not in action.lower() or action.startswith("tag:")}
    policy = session_policy(operations, ())
    assert len(policy) <= LIMIT
    assert needed <= _actions(policy)


def test_a_change_is_bound_to_its_targets() -> None:
    """To stop a machine is allowed for the machine that was shown only."""
    policy = json.loads(session_policy([_stop(InstanceIds=["i-0123456789abcdef0"])], [MACHINE]))
    assert {"Effect": "Allow", "Action": ["ec2:StopInstances"], "Resource": [MACHINE]} in policy["Statement"]


def test_too_many_targets_leave_the_actions_alone() -> None:
    """A policy that would be longer than AWS takes names no resources; it still names one action."""
    machines = [f"{MACHINE}{number}" for number in range(100)]
    policy = session_policy([_stop()], machines)
    assert len(policy) <= LIMIT
    assert {"Effect": "Allow", "Action": ["ec2:StopInstances"], "Resource": ["*"]} in json.loads(policy)["Statement"]


def test_what_is_not_known_is_not_narrowed() -> None:
    """An operation that botocore does not have gets no policy that might forbid it."""
    unknown = Operation(provider="aws", service="ec2", operation="juggle-instances", effect="unknown")
    assert session_policy([unknown], []) == ""


def test_tagging_by_the_tagging_service_may_tag_what_is_meant() -> None:
    """The service of a target tags it with the caller's rights."""
    tag = Operation(provider="aws", service="resourcegroupstaggingapi", operation="tag-resources", effect="write")
    assert {"tag:TagResources", "ec2:*Tag*"} <= _actions(session_policy([tag], [MACHINE]))
