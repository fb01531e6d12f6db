"""Hostile scripts and plans: the client's own check refuses each; run past the check, the sandbox holds them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escher.approval.check import check
from escher.approval.tools import find_tool
from escher.contract.estate import Account, Resource
from escher.contract.plan import Plan, PlanTemplate, Step
from escher.contract.understanding import Selector
from escher.errors import PlanRefused
from escher.procedures.resolve import Resolution, resolve
from escher.scripts.reader import Reader
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.execution.canaries import Canaries, canaries
from tests.execution.steps import KEEPER, bubblewrap, run, step
from tests.fixtures.azure_cloud import az_path

ACCOUNT = Account("aws", "111122223333", "web-shop", endpoint_url="http://127.0.0.1:5000")
_PLACE = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "ASIASTEP", "AWS_SECRET_ACCESS_KEY": "secret-of-the-step"}


@dataclass(frozen=True)
class Hostile:
    """A script that tries something."""

    tries: str
    script: str
    language: str = "bash"
    provider: str = "aws"
    uses: tuple[str, ...] = ()


def _scripts() -> list[Hostile]:
    document = tomllib.loads(Path(__file__).with_name("hostile_scripts.toml").read_text("utf-8"))
    return [
        Hostile(
            one["class"],
            one["script"],
            one.get("language", "bash"),
            one.get("provider", "aws"),
            tuple(one.get("uses", ())),
        )
        for one in document["script"]
    ]


SCRIPTS = _scripts()
_IDS = [f"{one.tries}-{number}" for number, one in enumerate(SCRIPTS)]


@pytest.fixture
async def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Canaries]:
    """A user whose home, environment and buses are full of canaries."""
    async with canaries(tmp_path) as found:
        for name in ("CANARY_OF_THE_PARENT", "AWS_SECRET_ACCESS_KEY", "AZURE_CLIENT_SECRET", "AWS_SESSION_TOKEN"):
            monkeypatch.setenv(name, found.word)
        monkeypatch.setenv("HOME", str(found.home))
        monkeypatch.setenv("BASH_ENV", str(found.home / ".bashrc"))
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        yield found


def _machine(number: int) -> Resource:
    identifier = f"i-0a41c8e2d3f4a5b{number:02d}"
    return Resource(
        "aws", ACCOUNT.account_id, "us-east-1", "aws_ec2_instance", "compute_instance",
        f"arn:aws:ec2:us-east-1:{ACCOUNT.account_id}:instance/{identifier}", identifier, f"web-{number}", "running",
    )  # fmt: skip


SHOWN, HIDDEN = _machine(1), _machine(2)
_ESTATE = {word: one for one in (SHOWN, HIDDEN) for word in (one.resource_id, one.identifier)}


def _plan() -> Plan:
    """An honest plan of the library: one machine is stopped."""
    playbook = next(
        entry.playbook
        for (playbook_id, _), entry in load(PACKAGED_LIBRARY).entries.items()
        if playbook_id == "escher-aws-ec2-stop"
    )
    given = Resolution(
        plan_id="plan-0a1b2c3d4e5f", question="stop it", values={}, targets=(SHOWN,), languages=("bash",),
        template=PlanTemplate(playbook=playbook, selector=Selector()), accounts={ACCOUNT.account_id: ACCOUNT},
        now=datetime.now(UTC), valid_for=timedelta(minutes=15),
    )  # fmt: skip
    return resolve(given, Reader())


def _change(plan: Plan) -> Step:
    return next(step for step in plan.steps if step.phase == "change")


def _with(plan: Plan, **changed: Any) -> Plan:
    """The plan with another change in the place of its own."""
    change = _change(plan)
    steps = tuple(one.model_copy(update=changed) if one is change else one for one in plan.steps)
    return plan.model_copy(update={"steps": steps})


def _check(plan: Plan) -> None:
    check(plan, [SHOWN], _ESTATE, {ACCOUNT.account_id: ACCOUNT}, Reader())


def test_there_are_enough_of_each_kind() -> None:
    """Sixty scripts and plans, at least two for each thing that is tried."""
    counted = Counter(one.tries for one in SCRIPTS)
    assert len(SCRIPTS) + len(_LIES) >= 60
    assert len(counted) == 21 and min(counted.values()) >= 2


def test_the_honest_plan_is_not_refused() -> None:
    """What the hostile ones are made of passes, so that each is refused for what it does."""
    plan = _plan()
    assert _check(plan) is None and _change(plan).effect == "write"


@pytest.mark.parametrize("hostile", SCRIPTS, ids=_IDS)
def test_the_check_refuses_every_hostile_script(hostile: Hostile, tmp_path: Path) -> None:
    """Even when the server says exactly what can be read in it, and says it as alarmingly as possible."""
    names = Canaries(tmp_path, ports=dict.fromkeys(("cloud", "sink", "metadata", "dns"), 9))
    script, plan = names.fill(hostile.script), _plan()
    change = _change(plan)
    reading = Reader().read(script, change.language if hostile.language == "bash" else "python", (), change.environment)
    assert reading.problems
    said = {"script": script, "language": hostile.language, "arguments": (), "operations": reading.operations}
    with pytest.raises(PlanRefused):
        _check(_with(plan, **said, effect="destroy").model_copy(update={"effect": "destroy"}))


@pytest.mark.parametrize("hostile", SCRIPTS, ids=_IDS)
async def test_the_sandbox_holds_every_hostile_script(hostile: Hostile, planted: Canaries) -> None:
    """Past the check: no canary is printed, written or sent, and no sink hears of it."""
    using = bubblewrap()
    asked = step(
        planted.fill(hostile.script),
        language=hostile.language,
        provider=hostile.provider,
        environment=_PLACE | {"AWS_ENDPOINT_URL": planted.endpoint} if hostile.provider == "aws" else {},
    )
    found = await run(asked, using, *_programs(hostile), credentials=CREDENTIALS, timeout_s=15)
    assert planted.taken(found.text) == []


def _programs(hostile: Hostile) -> list[str]:
    """The programs that it uses, as far as they are here; without one, it finds none."""
    places = {name: az_path() if name == "az" else find_tool(name) for name in hostile.uses}
    return [path for path in places.values() if path]


_CONTROLS = {
    "output": "cat {home}/.aws/credentials",
    "disk: x": "cp {home}/.netrc {outside}/x",
    "sink": "curl -s -m 2 --noproxy '*' {sink}/",
    "dns": "echo x > /dev/udp/127.0.0.1/{dns_port}; sleep 0.1",
    "bus": "curl -s -m 2 --unix-socket {bus} http://bus/",
}


@pytest.mark.parametrize("where", _CONTROLS)
async def test_without_a_sandbox_the_canaries_are_reached(where: str, planted: Canaries) -> None:
    """The traps work: what a sandbox prevents is noticed here when there is none."""
    found = await run(step(planted.fill(_CONTROLS[where])), KEEPER, credentials=CREDENTIALS)
    assert where in planted.taken(found.text)


_STOP = "aws ec2 stop-instances --instance-ids"
_LIES: dict[str, dict[str, Any]] = {
    "a read that terminates": {
        "script": f"aws ec2 terminate-instances --instance-ids {SHOWN.identifier}", "effect": "read", "said": "describe-instances",
    },
    "a stop that terminates": {
        "script": f"aws ec2 terminate-instances --instance-ids {SHOWN.identifier}", "said": "stop-instances",
    },
    "a stop that also tags": {
        "script": f"{_STOP} {SHOWN.identifier}\naws ec2 create-tags --resources {SHOWN.identifier} --tags Key=a,Value=b",
        "said": "stop-instances",
    },
    "a change that is called a check": {"phase": "check", "effect": "write"},
    "another machine in the script": {"script": f"{_STOP} {HIDDEN.identifier}"},
    "one more machine in the script": {"script": f"{_STOP} {SHOWN.identifier} {HIDDEN.identifier}"},
    "one more machine in the arguments": {"arguments": (SHOWN.identifier, HIDDEN.identifier)},
    "one more target that was not shown": {"targets": (SHOWN.resource_id, HIDDEN.resource_id)},
    "another place to go": {"environment": {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "https://evil.example"}},
    "a variable that loads a library": {"environment": {"AWS_REGION": "us-east-1", "LD_PRELOAD": "/tmp/x.so"}},
    "another region": {"environment": {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}},
}  # fmt: skip


@pytest.mark.parametrize("lie", _LIES)
def test_a_plan_that_does_more_than_it_says_is_refused(lie: str) -> None:
    """A server that understates effects, adds a target or leads elsewhere; the difference is in the refusal."""
    plan = _plan()
    change, changed = _change(plan), dict(_LIES[lie])
    said = changed.pop("said", None)
    if "script" in changed:
        changed |= {"arguments": ()}
        reading = Reader().read(changed["script"], "bash", (), change.environment)
        changed["operations"] = reading.operations
    if said:
        lied = change.operations[0].model_copy(update={"operation": said, "effect": changed.get("effect", "write")})
        changed["operations"] = (lied,)
    with pytest.raises(PlanRefused, match="the plan is not what it says"):
        _check(_with(plan, **changed))
