"""A real microburst in front of a real moto: a third of the calls goes wrong, and the estate is exact all the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from escher.contract.estate import GLOBAL
from escher.inventory.plan import Limits
from escher.inventory.report import ScanReport
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.store.estate import EstateStore
from tests.campaigns import FULL
from tests.fixtures.microburst import Burst, Rule, microburst, moto_program, weather
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, MotoCloud
from tests.inventory.resources import SMALL_SCAN
from tests.inventory.seeding import seed
from tests.inventory.truth import Place, in_the_cloud, in_the_estate

ROUNDS = 20 if FULL else 2
THROTTLED, FAILING = 0.30, 0.05
MANY = 105
Property = Callable[[str, object], None]

DENIED: tuple[tuple[str, str, str, str, str], ...] = (
    ("ec2", "DescribeVolumes", "eu-west-1", "aws_ebs_volume", "UnauthorizedOperation"),
    ("ec2", "DescribeVolumes", "us-east-1", "aws_ebs_volume", "UnauthorizedOperation"),
    ("ec2", "DescribeSnapshots", "eu-west-1", "aws_ebs_snapshot", "UnauthorizedOperation"),
    ("ec2", "DescribeSecurityGroups", "us-east-1", "aws_vpc_security_group", "UnauthorizedOperation"),
    ("lambda", "ListFunctions", "us-east-1", "aws_lambda_function", "AccessDeniedException"),
    ("rds", "DescribeDBInstances", "eu-west-1", "aws_rds_db_instance", "AccessDenied"),
    ("iam", "ListRoles", GLOBAL, "aws_iam_role", "AccessDenied"),
)
# Operation, type, and by which parameter a request for a later page is known.
PAGED = (
    ("rds", "DescribeDBInstances", "aws_rds_db_instance", "Marker"),
    ("dynamodb", "ListTables", "aws_dynamodb_table", "ExclusiveStartTableName"),
)
SPELLS: dict[str, tuple[Rule, ...]] = {
    "errors only": (),
    "resets": ({"service": "*", "probability": 0.04, "reset": True},),
    "slow answers": ({"service": "*", "probability": 0.1, "latency": {"min": 5, "max": 120}},),
    "time-outs": ({"service": "*", "probability": 0.02, "timeout_ms": 60},),
}
"""What else goes wrong in a round. In front of the other rules, so that it does not depend on what they let through."""


@dataclass
class Sky:
    """Moto with a microburst before each account."""

    moto: MotoCloud
    bursts: dict[str, Burst]
    numbers: Iterator[int]

    def change(self, rng: random.Random) -> None:
        """Make and remove things in every scope, those that are about to fail as well."""
        for account_id in (SHOP, DATA):
            for region in REGIONS:
                self._change(account_id, region, rng)
            iam, number = self.moto.client("iam", account_id), next(self.numbers)
            iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument="{}")

    def _change(self, account_id: str, region: str, rng: random.Random) -> None:
        ec2, name = self.moto.client("ec2", account_id, region), f"thing-{next(self.numbers)}"
        new = [ec2.create_volume(Size=1, AvailabilityZone=f"{region}a")["VolumeId"] for _ in range(2)]
        volumes = {volume["VolumeId"] for volume in ec2.describe_volumes()["Volumes"] if not volume["Attachments"]}
        ec2.create_snapshot(VolumeId=new[0])
        ec2.delete_volume(VolumeId=rng.choice(sorted(volumes - {*new})))
        own = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
        ec2.delete_snapshot(SnapshotId=rng.choice(own)["SnapshotId"])
        ec2.create_security_group(GroupName=name, Description=name)
        self._change_databases(account_id, region, name)

    def _change_databases(self, account_id: str, region: str, name: str) -> None:
        rds, ddb = self.moto.client("rds", account_id, region), self.moto.client("dynamodb", account_id, region)
        rds.create_db_instance(DBInstanceIdentifier=f"a-{name}", DBInstanceClass="db.t3.micro", Engine="postgres")
        instances = [one["DBInstanceIdentifier"] for one in rds.describe_db_instances()["DBInstances"]]
        rds.delete_db_instance(DBInstanceIdentifier=max(instances), SkipFinalSnapshot=True)
        _table(ddb, name)
        ddb.delete_table(TableName=max(ddb.list_tables()["TableNames"]))


@pytest.fixture(scope="module")
def sky() -> Iterator[Sky]:
    """Two accounts, each behind a microburst of its own, one with databases and tables for more than a page."""
    with ExitStack() as stack:
        moto = MotoCloud(stack.enter_context(moto_program()))
        seed(moto)
        rds, ddb = moto.client("rds", SHOP), moto.client("dynamodb", SHOP)
        for number in range(MANY):
            name = f"many-{number:03}"
            rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="postgres")
            _table(ddb, name)
        bursts = {account: stack.enter_context(microburst(moto.url)) for account in (SHOP, DATA)}
        yield Sky(moto, bursts, count())


@pytest.mark.campaign
@pytest.mark.usefixtures("cloud")
def test_a_third_of_all_calls_may_go_wrong(sky: Sky, estate: EstateStore, record_property: Property) -> None:
    """Round after round: the two scopes that cannot be seen whole are reported and lose nothing, the others are exact."""
    for account_id, burst in sky.bursts.items():
        burst.rules([])
        estate.put_account(sky.moto.account(account_id, account_id, endpoint_url=burst.url))
    limits = Limits(first_wait_s=0.02)
    assert Scanner(estate, Clouds(), limits=limits).scan(SMALL_SCAN).complete
    assert in_the_estate(estate) == in_the_cloud(sky.moto)
    met: Counter[str] = Counter()
    for number in range(ROUNDS):
        met.update(_one_round(sky, estate, limits, number))
    record_property("cases", ROUNDS)
    record_property("met", dict(met))
    for burst in sky.bursts.values():
        burst.rules([])
    assert Scanner(estate, Clouds()).scan(SMALL_SCAN).complete
    assert in_the_estate(estate) == in_the_cloud(sky.moto)


def _one_round(sky: Sky, estate: EstateStore, limits: Limits, number: int) -> Counter[str]:
    """Change the cloud, let it rain, scan, and compare."""
    rng = random.Random(number)
    before = in_the_estate(estate)
    sky.change(rng)
    service, operation, region, type_, code = DENIED[number % len(DENIED)]
    paged = [one for one in PAGED if one[1] != operation]
    page = paged[number % len(paged)]
    spell = [*SPELLS][number % len(SPELLS)]
    asked_in = {} if region == GLOBAL else {"region": region}
    denied = {"service": service, "operation": operation, **asked_in, "error": {"code": code, "status": 403}}
    cut = {"service": page[0], "operation": page[1], "region": "us-east-1", "body": page[3]}
    rain = [*SPELLS[spell], *weather(THROTTLED, FAILING)]
    sky.bursts[SHOP].rules([denied, cut | {"error": {"code": "InternalFailure", "status": 500}}, *rain])
    sky.bursts[DATA].rules(rain)
    report = Scanner(estate, Clouds(), limits=limits).scan(SMALL_SCAN)
    hidden, short = (SHOP, region, type_), (SHOP, "us-east-1", page[2])
    _check_report(report, hidden, short, operation, page[1])
    _check_estate(before, in_the_estate(estate), in_the_cloud(sky.moto), hidden, short, report)
    shop, data = sky.bursts[SHOP].fired(), sky.bursts[DATA].fired()
    return Counter(denied=shop[0], cut=shop[1], errors=sum(shop[2:]) + sum(data), throttled=report.throttled)


def _check_report(report: ScanReport, hidden: Place, short: Place, denied: str, cut: str) -> None:
    """Exactly the two scopes are partial, one with the permission that is missing, one with what happened."""
    partial = {
        (scope.account_id, scope.region, scope.resource_type): scope
        for scope in report.scopes
        if scope.status != "complete"
    }
    assert partial.keys() == {hidden, short}, {key: scope.error for key, scope in partial.items()}
    assert partial[hidden].missing_permission.endswith(f":{denied}")
    assert f"Grant {partial[hidden].missing_permission}." in partial[hidden].error
    assert partial[short].error == f"InternalFailure: {cut} in us-east-1 failed."
    assert (partial[short].missing_permission, partial[short].count) == ("", 100)


def _check_estate(
    before: dict[Place, set[str]],
    after: dict[Place, set[str]],
    truth: dict[Place, set[str]],
    hidden: Place,
    short: Place,
    report: ScanReport,
) -> None:
    """Id by id: nothing that could not be seen is lost, what could is as it is."""
    assert after.pop(hidden) == before.pop(hidden)
    assert before[short] <= after[short] <= before[short] | truth[short]
    before.pop(short), after.pop(short)
    truth = {place: ids for place, ids in truth.items() if place not in (hidden, short)}
    assert after == truth
    assert report.deleted == sum(len(before[place] - ids) for place, ids in truth.items())


def _table(ddb: Any, name: str) -> None:
    ddb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
