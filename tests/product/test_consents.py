"""Consent on a demo cloud, in one process: voided by a new tag, given by two, given beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escher.commands.command import Invocation, commands, parser
from escher.errors import ApprovalError, ConsentMissing, SecondPersonMissing, StaleApproval
from escher.session.session import Session
from escher.session.wiring import assemble, create
from escher.settings import Settings, load_settings
from tests.product.conftest import Demo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]


@dataclass
class Terminal:
    """A person at a terminal with a store, and the demo cloud as boto3 sees it."""

    demo: Demo
    session: Session

    def escher(self, *words: str) -> Any:
        """The document of a command. Raises what the command raises."""
        options = parser().parse_args([str(word) for word in words])
        return commands()[options.command].run(Invocation(options, lambda: self.session)).document

    def running(self, env: str) -> list[dict[str, Any]]:
        """The running instances of an environment in the first account, as the last scan saw them."""
        account = self.demo.accounts[0]["account_id"]
        where = f"tags['env'] = '{env}' and state = 'running' and account_id = '{account}'"
        return self.session.estate_rows(where)

    def stop(self, one: dict[str, Any]) -> dict[str, Any]:
        """The plan to stop an instance."""
        return self.escher("ask", f"stop {one['identifier']}")["plan"]

    def approve(self, plan: dict[str, Any], *words: object) -> Any:
        typed = ["--confirm", plan["confirmation"][0]] if plan["confirmation"] else []
        return self.escher("approve", plan["plan_id"], "--digest", plan["digest"], *typed, *map(str, words))

    def state_of(self, one: dict[str, Any]) -> str:
        """What the cloud says."""
        ec2 = self.demo.ec2(self.demo.accounts[0], one["region"])
        found = ec2.describe_instances(InstanceIds=[one["identifier"]])["Reservations"][0]["Instances"][0]
        return found["State"]["Name"]


@pytest.fixture(scope="module")
def ana(make_demo: Callable[[], Demo]) -> Iterator[Terminal]:
    """A person whose instances are scanned, and nothing else."""
    demo = make_demo()
    with pytest.MonkeyPatch.context() as patched:
        for name, value in demo.environment.items():
            patched.setenv(name, value)
        with Session(assemble(load_settings())) as session:
            session.scan(types=("aws_ec2_instance",))
            yield Terminal(demo, session)


@contextmanager
def another(ana: Terminal, home: Path) -> Iterator[Terminal]:
    """A second person with a store of their own."""
    settings: Settings = replace(load_settings(), home=home)
    with Session(create(settings)) as session:
        yield Terminal(ana.demo, session)


def test_production_retagged_as_dev_after_it_was_shown_is_not_stopped(ana: Terminal) -> None:
    """Somebody retags it in the cloud; no scan knows. Approving is refused and says what changed, and nothing stops."""
    one = ana.running("prod")[0]
    plan = ana.stop(one)
    ec2 = ana.demo.ec2(ana.demo.accounts[0], one["region"])
    ec2.create_tags(Resources=[one["identifier"]], Tags=[{"Key": "env", "Value": "dev"}])
    with pytest.raises(StaleApproval, match=r"tags\.env was prod and is dev"):
        ana.approve(plan)
    with pytest.raises(ApprovalError, match="has not been approved"):
        ana.escher("run", plan["plan_id"])
    assert ana.state_of(one) == "running"


def test_what_is_allowed_beforehand_runs_without_a_question_and_only_that(ana: Terminal) -> None:
    """One development machine a day: the first one stops, the second one waits for a person."""
    first, second = ana.running("dev")[:2]
    until = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    plan = ana.stop(first)
    words = ("preapprove", f"{plan['playbook_id']}@{plan['version']}", "--where", "tag:env=dev", "--until", until)
    with pytest.raises(ConsentMissing):
        ana.escher(*words)
    given = ana.escher(*words, "--confirm", plan["playbook_id"])
    assert ana.escher("run", plan["plan_id"])["status"] == "completed"
    assert ana.state_of(first) == "stopped"
    waiting = ana.stop(second)
    with pytest.raises(ApprovalError, match="has not been approved"):
        ana.escher("run", waiting["plan_id"])
    assert ana.state_of(second) == "running"
    assert [one["used"] for one in ana.escher("preapprove", "list")] == [1]
    ana.escher("preapprove", "remove", given["preapproval_id"])
    assert ana.escher("preapprove", "list") == []


def test_two_people_agree_through_files(ana: Terminal, tmp_path: Path) -> None:
    """Without the second one's file the plan is not approved; with it the run starts."""
    with another(ana, tmp_path / "ben") as ben:
        key = ben.escher("approve", "--key")["public_key"]
        policy, request = tmp_path / "policy.toml", tmp_path / "request.json"
        second = '[[second_person_for]]\nactions = ["aws ec2 stop-instances"]\n'
        policy.write_text(f'[[approvers]]\nname = "ben"\npublic_key = "{key}"\n{second}')
        ana.escher("policy", "set", policy)
        one = ana.running("dev")[-1]
        plan = ana.stop(one)
        with pytest.raises(SecondPersonMissing):
            ana.approve(plan)
        ana.approve(plan, "--ask", request)
        assert request.stat().st_mode & 0o077 == 0
        assert ben.escher("approve", "--request", request)["request"]["plan"]["digest"] == plan["digest"]
        answer = ben.escher("approve", "--request", request, "--digest", plan["digest"])["answer"]
    assert ana.approve(plan, "--seconded", answer)["approved"] is True
    assert ana.escher("run", plan["plan_id"])["status"] == "completed"
    assert ana.state_of(one) == "stopped"
