"""A real store, the real library and the real script reader around two instances; only the cloud's answer is made up."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escher.approval.approvals import Approvals
from escher.approval.tools import SandboxLevel, find_tool
from escher.contract.estate import Account, Resource
from escher.contract.marks import Mark
from escher.contract.plan import Operation, Plan, PlanTemplate
from escher.contract.playbook import Playbook
from escher.contract.policy import Policy
from escher.contract.ports import Keys
from escher.contract.understanding import Selector
from escher.ledger.ledger import Ledger
from escher.procedures.bind import Value
from escher.procedures.resolve import Resolution, resolve
from escher.scripts.reader import Reader
from escher.settings import Settings
from escher.store.vault import Store
from escher_server.library.loader import load
from escher_server.settings import ServerSettings

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ACCOUNT = Account(provider="aws", account_id="111122223333", name="web-shop")


def instance(number: int, **changes: object) -> Resource:
    """The n-th instance of the made-up account."""
    identifier = f"i-0a41c8e2d3f4a5b{number:02d}"
    one = Resource(
        provider="aws", account_id=ACCOUNT.account_id, region="us-east-1", resource_type="aws_ec2_instance",
        kind="compute_instance", resource_id=f"arn:aws:ec2:us-east-1:{ACCOUNT.account_id}:instance/{identifier}",
        identifier=identifier, name=f"web-dev-{number}", state="running", tags={"env": "dev"},
    )  # fmt: skip
    return replace(one, **changes)


class FakeAws:
    """Answers who the credentials are, as AWS would."""

    principal = "arn:aws:sts::111122223333:assumed-role/operator/escher"

    def identity(self, account: Account) -> str:
        return f"{account.account_id} {self.principal}"

    def environment(self, account: Account, region: str) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-of-the-account"}

    def keys(self, account: Account, region: str, operations: Sequence[Operation], targets: Sequence[str]) -> Keys:
        return Keys(self.environment(account, region))


@dataclass
class House:
    """Everything a test turns: the estate, the time and the approvals themselves."""

    approvals: Approvals
    store: Store
    ledger: Ledger
    estate: dict[str, Resource] = field(default_factory=dict)
    now: datetime = NOW
    marks: list[Mark] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    account: Account = ACCOUNT
    sandbox: SandboxLevel = "process_group"
    cloud: dict[str, Resource] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    looks: int = 0

    def look(self, targets: Sequence[Resource]) -> dict[str, Resource]:
        """What the cloud has now: as the estate, but for what a test put into `cloud` and named `gone`."""
        self.looks += 1
        now = self.estate | self.cloud
        return {one.resource_id: now[one.resource_id] for one in targets if one.resource_id in now.keys() - self.gone}

    def draft(self, *targets: Resource, playbook: str = "escher-aws-ec2-stop", **values: Value) -> Plan:
        """A plan on these targets, resolved and not yet shown."""
        return self._resolved(LIBRARY[playbook], targets, values)

    def shown_of(self, playbook: Playbook, *targets: Resource) -> Plan:
        """A plan of a playbook that is not the library's, which a person has seen."""
        return self.approvals.show(self._resolved(playbook, targets, {}), targets)

    def _resolved(self, playbook: Playbook, targets: tuple[Resource, ...], values: dict[str, Value]) -> Plan:
        template = PlanTemplate(playbook=playbook, selector=Selector())
        self.estate |= {target.resource_id: target for target in targets}
        given = Resolution(
            plan_id="plan-1", question="stop them", template=template, values=values, targets=targets,
            accounts={ACCOUNT.account_id: ACCOUNT}, languages=("python",), now=self.now, valid_for=timedelta(minutes=15),
        )  # fmt: skip
        return resolve(given, Reader())

    def shown(self, *targets: Resource, playbook: str = "escher-aws-ec2-stop") -> Plan:
        """A plan that a person has seen."""
        return self.approvals.show(self.draft(*targets, playbook=playbook), targets)


LIBRARY = {
    entry.playbook.metadata.playbook_id: entry.playbook for entry in load(ServerSettings().library).entries.values()
}


def built(store: Store, find: Callable[[str], str | None] = find_tool) -> House:
    """A house with an empty estate around a store; `find` is where its programs are."""
    ledger = Ledger(store)
    made: list[House] = []
    approvals = Approvals(
        store=store,
        ledger=ledger,
        access=FakeAws(),
        reader=Reader(),
        estate=lambda: made[0].estate,
        accounts=lambda: {made[0].account.account_id: made[0].account},
        look=lambda targets: made[0].look(targets),  # noqa: PLW0108 a test may replace it later
        policy=lambda: made[0].policy,
        find=find,
        sandbox=lambda: made[0].sandbox,
        clock=lambda: made[0].now,
        marks=lambda: made[0].marks,
    )
    made.append(House(approvals, store, ledger))
    return made[0]


@contextmanager
def opened(home: Path, find: Callable[[str], str | None] = find_tool) -> Iterator[House]:
    """A house in a new store."""
    home.mkdir(exist_ok=True)
    secret = home / "key"
    secret.touch(mode=0o600)
    secret.write_text(base64.b64encode(os.urandom(32)).decode())
    with Store.create(Settings(home=home, key_file=secret)) as store:
        yield built(store, find)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with an empty estate."""
    with opened(tmp_path) as made:
        yield made
