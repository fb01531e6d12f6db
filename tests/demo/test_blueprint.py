"""The demo's estate as data: large, lived-in, the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from escher.contract.environments import environment_of
from escher.demo.blueprint import data, disks, instances, network, serverless
from escher.demo.blueprint.company import ACCOUNTS, APPLICATIONS, REGIONS, Thing, demo_accounts

KINDS = (
    instances.instances, disks.volumes, disks.snapshots, network.security_groups, network.addresses, data.buckets,
    data.databases, data.tables, serverless.functions, serverless.roles,
)  # fmt: skip


@pytest.fixture(scope="module")
def things() -> list[Thing]:
    """Everything that is declared; root volumes come on top."""
    return [thing for kind in KINDS for thing in kind()]


def _dev(region: str) -> Iterator[instances.Instance]:
    return (one for one in instances.instances() if one.region == region and one.tags.get("env") == "dev")


def test_every_dev_instance_in_us_east_1_is_running() -> None:
    """The order that the notebook gives has 4 to 12 targets in at least two accounts, all running."""
    dev = list(_dev("us-east-1"))
    assert 4 <= len(dev) <= 12
    assert len({one.account for one in dev}) >= 2
    assert {one.state for one in dev} == {"running"}


def test_elsewhere_dev_instances_are_stopped_and_gone_too() -> None:
    """What is not running anymore is there to be left out."""
    assert Counter(one.state for one in _dev("us-west-2")).keys() == {"running", "stopped", "terminated"}
    assert Counter(one.state for one in _dev("eu-west-1")).keys() == {"running", "stopped"}


def test_every_account_and_region_is_lived_in(things: list[Thing]) -> None:
    """There are things of each kind, and instances in every account and region."""
    places = {(one.account, one.region) for one in instances.instances()}
    assert places == {(account, region) for account in ACCOUNTS for region in REGIONS}
    assert all(next(iter(kind()), None) is not None for kind in KINDS)
    assert len(things) + len([one for one in instances.instances() if one.state != "terminated"]) >= 600


def test_there_is_waste_and_exposure() -> None:
    """Volumes and addresses that nothing uses, old snapshots, open ports, public buckets, data in clear."""
    assert len([one for one in disks.volumes() if not one.instance]) >= 20
    assert len([one for one in network.addresses() if not one.instance]) >= 5
    assert len([one for one in disks.snapshots() if one.age_days > 90]) >= 20
    assert any(
        rule.source == network.WORLD and rule.first_port == 22
        for one in network.security_groups()
        for rule in one.rules
    )
    assert any(one.public for one in data.buckets())
    assert any(not one.encrypted for one in data.databases())


def test_some_names_stand_on_several_things(things: list[Thing]) -> None:
    """`bastion` is in every account, and `api` is a name and an application at once."""
    names = Counter(one.name for one in instances.instances())
    assert names["bastion"] == len(ACCOUNTS)
    assert names["api"] > 1
    assert "api" in APPLICATIONS
    assert [name for name, number in Counter(one.name for one in data.buckets()).items() if number > 1] == []


def test_tags_name_known_environments_and_owners(things: list[Thing]) -> None:
    """Labelled things name an environment of the allow-list; some things are not labelled at all."""
    labelled = [one for one in things if "app" in one.tags]
    assert {environment_of(one.tags) for one in labelled} == {"dev", "staging", "prod"}
    assert {one.tags["owner"] for one in labelled} == {app.owner for app in APPLICATIONS.values()}
    assert len([one for one in things if not one.tags]) >= 10


def test_accounts_are_reached_by_role_at_the_endpoint() -> None:
    """As the store keeps them, the accounts bear no secret and no profile."""
    accounts = demo_accounts("http://127.0.0.1:5")
    assert {account.name: account.account_id for account in accounts} == ACCOUNTS
    assert {account.endpoint_url for account in accounts} == {"http://127.0.0.1:5"}
    assert all(account.role_arns[0].split(":")[4] == account.account_id for account in accounts)
