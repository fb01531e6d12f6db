"""A real store, the real library and the real script reader around two instances; only the cloud's answer is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escher.approval.approvals import Approvals
from escher.contract.estate import Account, Resource
from escher.contract.marks import Mark
from escher.contract.plan import Plan, PlanTemplate
from escher.contract.understanding import Selector
from escher.ledger.ledger import Ledger
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


@dataclass
class House:
    """Everything a test turns: the estate, the time and the approvals themselves."""

    approvals: Approvals
    store: Store
    ledger: Ledger
    estate: dict[str, Resource] = field(default_factory=dict)
    now: datetime = NOW
    marks: list[Mark] = field(default_factory=list)

    def draft(self, *targets: Resource, playbook: str = "escher-aws-ec2-stop") -> Plan:
        """A plan on these targets, resolved and not yet shown."""
        template = PlanTemplate(playbook=LIBRARY[playbook], selector=Selector())
        self.estate |= {target.resource_id: target for target in targets}
        given = Resolution(
            plan_id="plan-1", question="stop them", template=template, values={}, targets=targets,
            accounts={ACCOUNT.account_id: ACCOUNT}, languages=("python",), now=self.now, valid_for=timedelta(minutes=15),
        )  # fmt: skip
        return resolve(given, Reader())

    def shown(self, *targets: Resource, playbook: str = "escher-aws-ec2-stop") -> Plan:
        """A plan that a person has seen."""
        return self.approvals.show(self.draft(*targets, playbook=playbook), targets)


LIBRARY = {
    entry.playbook.metadata.playbook_id: entry.playbook for entry in load(ServerSettings().library).entries.values()
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with an empty estate."""
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery staple")
    secret.chmod(0o600)
    with Store.create(Settings(home=tmp_path, passphrase_file=secret)) as store:
        ledger = Ledger(store)
        made: list[House] = []
        clock: Callable[[], datetime] = lambda: made[0].now  # noqa: E731 the clock is the house's
        approvals = Approvals(
            store=store,
            ledger=ledger,
            access=FakeAws(),
            reader=Reader(),
            estate=lambda: made[0].estate,
            accounts=lambda: {ACCOUNT.account_id: ACCOUNT},
            clock=clock,
            marks=lambda: made[0].marks,
        )
        made.append(House(approvals, store, ledger))
        yield made[0]
