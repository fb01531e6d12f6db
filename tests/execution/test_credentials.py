"""Credentials are read once for a plan, whoever they belong to is verified, and they are given to its steps alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from escher.contract.estate import Account
from escher.contract.plan import Operation, Plan, Step
from escher.contract.ports import Keys
from escher.errors import CredentialError
from escher.execution.credentials import FEW, KEEP, Credentials, StepCredentials
from tests.execution.steps import step

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SHOP = Account("aws", "111111111111", "web-shop")


@dataclass
class Cloud:
    """A provider's answers; it counts what it is asked."""

    who: str = "arn:aws:iam::111111111111:role/operator"
    asked: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    now: datetime = NOW

    def identity(self, account: Account) -> str:
        return f"{account.account_id} {self.who}"

    def environment(self, account: Account, region: str) -> dict[str, str]:
        return {"AWS_SECRET_ACCESS_KEY": "secret-of-the-shop"}

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        self.asked.append(tuple(targets))
        return Keys(self.environment(account, region), f"for {len(targets)} in {region}")


@dataclass(frozen=True)
class Approved:
    """An approval, as far as credentials need it."""

    identities: dict[str, str]
    expires_at: str = (NOW + timedelta(minutes=15)).isoformat()


APPROVED = Approved({SHOP.account_id: f"{SHOP.account_id} {Cloud.who}"})


def _plan(steps: int = 2) -> Plan:
    made: tuple[Step, ...] = tuple(
        step("true", step_id=f"s{number}", number=number, targets=(f"arn:{number}",)) for number in range(steps)
    )
    return Plan(
        plan_id="plan-1", question="", title="", playbook_id="", version="1", risk="low", effect="write",
        reversible=False, policy_version="1", created_at="", expires_at="", steps=made,
    ).sealed()  # fmt: skip


def _credentials(cloud: Cloud) -> Credentials:
    return Credentials(cloud, lambda: {SHOP.account_id: SHOP}, lambda: cloud.now)


async def test_each_step_has_credentials_for_its_own_targets() -> None:
    """They are read once, also when several ask at the same time."""
    cloud, plan = Cloud(), _plan()
    credentials = _credentials(cloud)
    await asyncio.gather(*(credentials.freeze(plan, APPROVED) for _ in range(5)))
    given = await credentials.for_step(plan, plan.steps[1], APPROVED)
    assert cloud.asked == [("arn:0",), ("arn:1",)]
    assert (dict(given), given.note) == ({"AWS_SECRET_ACCESS_KEY": "secret-of-the-shop"}, "for 1 in us-east-1")


async def test_the_steps_of_a_long_plan_share_them() -> None:
    """A call of the log-in service for each of many steps would take longer than the steps."""
    cloud, plan = Cloud(), _plan(FEW + 1)
    given = await _credentials(cloud).for_step(plan, plan.steps[0], APPROVED)
    assert [len(targets) for targets in cloud.asked] == [FEW + 1]
    assert given.note == f"for {FEW + 1} in us-east-1"


async def test_those_of_somebody_else_are_refused() -> None:
    """Who logged in as another since the approval runs nothing; after logging in again it works."""
    cloud, plan = Cloud(who="arn:aws:iam::111111111111:role/admin"), _plan()
    credentials = _credentials(cloud)
    with pytest.raises(CredentialError, match="are not those of the approval"):
        await credentials.freeze(plan, APPROVED)
    assert cloud.asked == []
    cloud.who = Cloud.who
    assert await credentials.for_step(plan, plan.steps[0], APPROVED)


async def test_what_was_read_for_one_identity_is_not_given_to_another() -> None:
    """A preparation under another approval does not count."""
    cloud, plan = Cloud(), _plan()
    credentials = _credentials(cloud)
    await credentials.freeze(plan, APPROVED)
    with pytest.raises(CredentialError, match="are not those of the approval"):
        await credentials.for_step(plan, plan.steps[0], Approved({SHOP.account_id: "111111111111 arn:other"}))


async def test_a_long_run_reads_them_again() -> None:
    """After the approval's time they are old, and whose they are is verified once more."""
    cloud, plan = Cloud(), _plan(1)
    credentials = _credentials(cloud)
    await credentials.freeze(plan, APPROVED)
    cloud.now += KEEP
    await credentials.for_step(plan, plan.steps[0], APPROVED)
    assert len(cloud.asked) == 2


async def test_an_account_that_was_removed_has_none() -> None:
    """Between approval and run it was taken out."""
    credentials = Credentials(Cloud(), dict)
    with pytest.raises(CredentialError, match="no longer configured"):
        await credentials.freeze(_plan(), APPROVED)


async def test_only_what_is_secret_is_masked() -> None:
    """A region or a project in the output stays readable."""
    given = StepCredentials({"AWS_SECRET_ACCESS_KEY": "a-secret", "AWS_REGION": "us-east-1"})
    assert given.secrets() == ("a-secret",)


async def test_no_secret_is_in_a_representation() -> None:
    """Neither a traceback nor a log shows one."""
    plan = _plan()
    credentials = _credentials(Cloud())
    given = await credentials.for_step(plan, plan.steps[0], APPROVED)
    assert "secret" not in f"{given!r} {credentials!r} {Keys(dict(given))!r}"
