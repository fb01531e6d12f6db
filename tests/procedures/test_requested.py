"""Commands of one's own become plans that say what they do, where, and on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escher.contract.estate import Account, Resource
from escher.contract.plan import Plan
from escher.errors import InvalidInput
from escher.procedures.requested import Given, requested
from escher.scripts.reader import Reader
from escher.session.own_plans import plan_request
from tests.approval.conftest import ACCOUNT, instance

AZURE = Account(provider="azure", account_id="11111111-1111-4111-8111-111111111111", name="web-azure")
GCP = Account(provider="gcp", account_id="shop-prod", name="web-gcp")
_IN_GCP = "//compute.googleapis.com/projects/shop-prod/zones/europe-west1-b/instances/web-1"
MACHINE = Resource(
    provider="gcp", account_id="shop-prod", region="europe-west1", resource_type="gcp_compute_instance",
    kind="compute_instance", resource_id=_IN_GCP, identifier="web-1", name="web-1", state="running", zone="europe-west1-b",
)  # fmt: skip
_ID = instance(1).identifier
FORMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "script": ({"type": "script", "content": 'aws ec2 stop-instances --instance-ids "$1"', "arguments": [_ID]}, "bash", "write"),
    "exec": ({"type": "exec", "program": "aws", "args": ["ec2", "stop-instances", "--instance-ids", _ID]}, "bash", "write"),
    "shell": ({"type": "shell", "command": f"aws ec2 describe-instances --instance-ids {_ID} | jq -r '.Reservations'"}, "bash", "read"),
    "aws_cli": ({"type": "aws_cli", "service": "ec2", "operation": "terminate-instances", "args": ["--instance-ids", _ID]}, "bash", "destroy"),
    "gcloud_cli": ({"type": "gcloud_cli", "group": ["compute", "instances", "stop", "web-1"], "args": ["--zone", "europe-west1-b"]}, "bash", "write"),
    "python": ({"type": "python", "content": f'import boto3\nboto3.client("ec2").stop_instances(InstanceIds=["{_ID}"])\n'}, "python", "write"),
    "sdk": ({"type": "sdk", "service": "ec2", "operation": "stop_instances", "params": {"InstanceIds": [_ID]}}, "python", "write"),
}  # fmt: skip


def _plan(
    *requests: dict[str, Any], known: tuple[Resource, ...] = (instance(1), instance(2), MACHINE), **plan: Any
) -> Plan:
    named: dict[str, list[Resource]] = defaultdict(list)
    for one in known:
        for word in {one.resource_id, one.identifier, one.name}:
            named[word].append(one)
    lookup: Callable[[str], list[Resource]] = lambda word: named.get(word, [])  # noqa: E731 one line of a table
    accounts = {one.account_id: one for one in (ACCOUNT, AZURE, GCP)}
    given = Given("plan-1", lookup, accounts, Reader(), datetime(2026, 11, 25, tzinfo=UTC), timedelta(minutes=15))
    asked = plan_request({"description": "What I want to do", "commands": list(requests), **plan})
    return requested(asked, given)[0]


@pytest.mark.parametrize("form", FORMS)
def test_every_type_of_command_becomes_a_step(form: str) -> None:
    """Its language and its effect are told, it acts on what it names, and where that is."""
    command, language, effect = FORMS[form]
    [step] = _plan({"command": command}).steps
    target = MACHINE if form == "gcloud_cli" else instance(1)
    assert (step.language, step.effect, step.targets) == (language, effect, (target.resource_id,))
    assert (step.account_id, step.region) == (target.account_id, target.region)


def test_az_acts_in_the_account_that_is_named() -> None:
    """A command that names nothing known needs an account, and has it in its environment."""
    command = {"type": "az_cli", "group": ["vm", "list"], "args": ["-o", "json"]}
    [step] = _plan({"command": command, "account": "web-azure", "region": "westeurope"}).steps
    assert (step.effect, step.environment["AZURE_SUBSCRIPTION_ID"]) == ("read", AZURE.account_id)
    with pytest.raises(InvalidInput, match="in which account"):
        _plan({"command": command})


def test_needs_make_an_order() -> None:
    """What a command waits for is kept by the ids of its steps."""
    stop = {"command": FORMS["exec"][0]}
    plan = _plan(stop, stop, strategy="dependency", needs={1: [0]})
    assert (plan.strategy, plan.steps[1].needs) == ("dependency", (plan.steps[0].step_id,))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"description": "nothing at all", "commands": []}, "commands"),
        ({"description": "Run it", "commands": [{"command": {"type": "fly"}}]}, "commands.0.command"),
        ({"description": "Run it", "commands": [{"command": {"type": "shell", "command": "x"}}], "needs": {"0": [7]}}, "no command 7"),
        ({"description": "Run it", "commands": [{"command": {"type": "shell", "command": "x", "shell": "zsh"}}]}, "shell"),
        ({"description": "Run it", "commands": [{"command": {"type": "script"}}]}, "either a path or a content"),
        ({"description": "Run it", "commands": [{"command": {"type": "shell", "command": "x"}, "timeout_seconds": 0}]}, "timeout_seconds"),
    ],
)  # fmt: skip
def test_a_plan_that_is_none_is_refused(document: dict[str, Any], said: str) -> None:
    """The first thing that is wrong is named, with its place."""
    with pytest.raises(InvalidInput, match=said):
        plan_request(document)


def test_two_that_bear_one_name_are_not_guessed_between() -> None:
    """A target's name that several bear is asked about; so is one that nothing bears."""
    twins = (instance(1, name="web"), instance(2, name="web"))
    command = {"type": "shell", "command": "aws ec2 describe-instances"}
    with pytest.raises(InvalidInput, match="2 resources are called"):
        _plan({"command": command, "targets": ["web"]}, known=twins)
    with pytest.raises(InvalidInput, match="nothing known"):
        _plan({"command": command, "targets": ["nobody"]})
