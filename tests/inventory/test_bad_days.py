"""Bad days: whatever goes wrong for good is told on its scopes, with its cause; the rest of the estate is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import pytest
from moto.iam.models import get_account_id_from

from escher.contract.estate import Scope
from escher.inventory.plan import Limits
from escher.inventory.report import ScanReport
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.providers.registry import resource_types
from escher.store.estate import EstateStore
from tests.fixtures.microburst import Burst, microburst
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, Call, Instead, MotoCloud, Refusal, failing
from tests.inventory.resources import SMALL_SCAN, TYPES
from tests.inventory.truth import Place, in_the_cloud, in_the_estate

QUICK_TRIES = Limits(first_wait_s=0.001)
# Few calls at once, so that what is not meant to be late is not, however busy the machine.
IMPATIENT = Limits(first_wait_s=0.001, answer_s=2, open_requests=8)
REGIONAL = tuple(type_ for type_ in TYPES if resource_types()[type_].reach == "regional")


@dataclass
class Estate:
    """An estate that was seen whole before the bad day, and the cloud that it is of."""

    moto: MotoCloud
    store: EstateStore
    before: dict[Place, set[str]]
    calls: list[Call] = field(default_factory=list)

    def scan(self, limits: Limits = QUICK_TRIES) -> dict[Place, Scope]:
        """Scan on the bad day, after a volume came and one went in each region; the scopes not seen whole."""
        self.moto.calls.clear()
        report = Scanner(self.store, Clouds(), limits=limits).scan(SMALL_SCAN)
        self.calls = list(self.moto.calls)
        self.moto.faults.clear()
        return self._judged(report)

    def _judged(self, report: ScanReport) -> dict[Place, Scope]:
        """The scopes not seen whole: what is stored of them is not less than before; the other scopes are exact."""
        assert report.status == "completed"
        partial = {
            (scope.account_id, scope.region, scope.resource_type): scope
            for scope in report.scopes
            if scope.status != "complete"
        }
        stored, truth = in_the_estate(self.store), in_the_cloud(self.moto)
        assert all(self.before[place] <= stored[place] for place in partial)
        assert {key: ids for key, ids in stored.items() if key not in partial} == {
            key: ids for key, ids in truth.items() if key not in partial
        }
        assert report.deleted == sum(len(self.before[key] - stored[key]) for key in stored)
        return partial


@pytest.fixture
def keys(cloud: MotoCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys for the account `data` in a profile, so that those of the environment are those of `shop` alone."""
    config = tmp_path / "config"
    config.write_text("[profile data]\naws_access_key_id = testing\naws_secret_access_key = testing\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))


@pytest.fixture
def bad_day(seeded: MotoCloud, estate: EstateStore, keys: None) -> Iterator[Estate]:
    """Both accounts, scanned; since then a volume was made and one removed in each region."""
    volumes = [(account, region, _volume(seeded, account, region)) for account in (SHOP, DATA) for region in REGIONS]
    estate.put_account(seeded.account(SHOP, "shop"))
    estate.put_account(seeded.account(DATA, "data", profile="data"))
    assert Scanner(estate, Clouds()).scan(SMALL_SCAN).complete
    found = Estate(seeded, estate, in_the_estate(estate))
    for account, region, volume in volumes:
        seeded.client("ec2", account, region).delete_volume(VolumeId=volume)
    new = [(account, region, _volume(seeded, account, region)) for account, region, _ in volumes]
    yield found
    seeded.faults.clear()
    for account, region, volume in new:
        seeded.client("ec2", account, region).delete_volume(VolumeId=volume)


@pytest.fixture
def burst(bad_day: Estate) -> Iterator[Burst]:
    """A microburst before the account `shop`."""
    with microburst(bad_day.moto.url) as burst:
        bad_day.store.put_account(bad_day.moto.account(SHOP, "shop", endpoint_url=burst.url))
        # It reads its models at the first call of a service, which takes its time.
        boto3.client("ec2", "us-east-1", endpoint_url=burst.url).describe_snapshots(OwnerIds=["self"])
        boto3.client("sts", "us-east-1", endpoint_url=burst.url).get_caller_identity()
        yield burst


def test_without_credentials_an_account_is_left_as_it_was(bad_day: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its scopes says so, and what to do; the account whose keys are elsewhere is read."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    partial = bad_day.scan()
    assert len(partial) == 18 and {account for account, *_ in partial} == {SHOP}
    assert {scope.error for scope in partial.values()} == {
        "there are no AWS credentials for account shop. Log in, or name a profile."
    }


def test_keys_that_expire_in_mid_scan_are_renewed(bad_day: Estate) -> None:
    """Whoever can log in anew by himself loses nothing."""
    first: dict[str, str] = {}

    def expire(call: Call) -> Refusal | None:
        # The first keys are good for ten calls.
        if get_account_id_from(call.access_key) != SHOP or call.service == "sts":
            return None
        old = first.setdefault("key", call.access_key)
        used = sum(one.access_key == old for one in bad_day.moto.calls)
        return Refusal("ExpiredToken", 400) if call.access_key == old and used > 10 else None

    bad_day.moto.faults.append(expire)
    assert bad_day.scan() == {}
    assert len({call.access_key for call in bad_day.calls if get_account_id_from(call.access_key) == SHOP}) > 1


def test_keys_that_cannot_be_renewed_are_told_on_the_scopes_that_are_left(bad_day: Estate) -> None:
    """What was read before they expired is stored."""

    def expire(call: Call) -> Refusal | None:
        entering = call.operation == "AssumeRole" and SHOP in call.form["RoleArn"]
        reading = call.service != "sts" and get_account_id_from(call.access_key) == SHOP
        late = sum(one.service != "sts" for one in bad_day.moto.calls) > 25
        return Refusal("ExpiredToken", 400) if late and (entering or reading) else None

    bad_day.moto.faults.append(expire)
    partial = bad_day.scan()
    assert 0 < len(partial) <= 18 and {account for account, *_ in partial} == {SHOP}
    assert {scope.error for scope in partial.values()} == {
        "the credentials of account shop have expired. Log in again."
    }


def test_a_call_that_is_refused_is_told(bad_day: Estate) -> None:
    """With the permission that is missing, on the scope of each account that it is for."""
    refused = Refusal("UnauthorizedOperation")
    bad_day.moto.faults.append(failing("DescribeVolumes", refused, region="eu-west-1"))
    partial = bad_day.scan()
    assert {key: (scope.missing_permission, scope.error) for key, scope in partial.items()} == {
        (account, "eu-west-1", "aws_ebs_volume"): (
            "ec2:DescribeVolumes",
            "UnauthorizedOperation: DescribeVolumes in eu-west-1 was refused. Grant ec2:DescribeVolumes.",
        )
        for account in (SHOP, DATA)
    }


def test_connections_that_are_always_reset_are_told(bad_day: Estate, burst: Burst) -> None:
    """After a few tries; nothing else waits for it."""
    burst.rules([{"service": "ec2", "operation": "DescribeVolumes", "region": "eu-west-1", "reset": True}])
    partial = bad_day.scan()
    assert set(partial) == {(SHOP, "eu-west-1", "aws_ebs_volume")}
    (scope,) = partial.values()
    assert "DescribeVolumes in eu-west-1 got no answer. Check the network, and scan again." in scope.error
    assert burst.fired() == [5]


def test_an_answer_that_never_comes_is_given_up(bad_day: Estate, burst: Burst) -> None:
    """A page that takes minutes, when seconds are allowed."""
    slow = {"service": "ec2", "operation": "DescribeSnapshots", "region": "us-east-1", "latency": 600_000}
    burst.rules([slow])
    partial = bad_day.scan(IMPATIENT)
    assert set(partial) == {(SHOP, "us-east-1", "aws_ebs_snapshot")}
    (scope,) = partial.values()
    assert scope.error == (
        "ReadTimeoutError: DescribeSnapshots in us-east-1 got no answer. Check the network, and scan again."
    )


def test_a_log_in_that_answers_too_late_is_told(bad_day: Estate, burst: Burst) -> None:
    """The account is left as it was, and the scan ends."""
    burst.rules([{"service": "sts", "latency": 5_000}])
    partial = bad_day.scan(IMPATIENT)
    assert len(partial) == 18
    assert {scope.error for scope in partial.values()} == {
        "the log-in service of account shop cannot be reached (ReadTimeoutError). "
        "Check the network, and the account's proxy, ca_bundle and endpoint_url."
    }


def test_an_account_that_is_closed_in_mid_scan_is_told(bad_day: Estate) -> None:
    """Its keys are good for nothing any more, and nothing of it vanishes."""

    def closed(call: Call) -> Refusal | None:
        of_it = call.service != "sts" and get_account_id_from(call.access_key) == SHOP
        return Refusal("InvalidClientTokenId") if of_it else None

    bad_day.moto.faults.append(closed)
    partial = bad_day.scan()
    assert len(partial) == 18 and {account for account, *_ in partial} == {SHOP}
    assert all(
        "the credentials are not accepted there or the region is off. Log in again" in scope.error
        for scope in partial.values()
    )


def test_a_region_that_is_off_is_told(bad_day: Estate) -> None:
    """Each of its scopes says what AWS says, and what it means; global ones are not among them."""

    def off(call: Call) -> Refusal | None:
        if call.region != "eu-west-1" or call.service in ("s3", "sts"):
            return None
        return Refusal("AuthFailure" if call.service == "ec2" else "UnrecognizedClientException", 401)

    bad_day.moto.faults.append(off)
    partial = bad_day.scan()
    assert set(partial) == {(account, "eu-west-1", type_) for account in (SHOP, DATA) for type_ in REGIONAL}
    assert all(
        "or the region is off. Log in again, or leave the region out." in scope.error for scope in partial.values()
    )


def test_a_clock_that_stays_wrong_is_told(bad_day: Estate) -> None:
    """AWS goes on refusing what was signed by it."""
    bad_day.moto.faults.append(failing("DescribeAddresses", Refusal("RequestTimeTooSkewed"), region="us-east-1"))
    partial = bad_day.scan()
    assert set(partial) == {(account, "us-east-1", "aws_vpc_eip") for account in (SHOP, DATA)}
    assert {scope.error for scope in partial.values()} == {
        "RequestTimeTooSkewed: DescribeAddresses in us-east-1 failed, as the clock here is not AWS's. "
        "Set the clock of this machine."
    }
    assert {scope.missing_permission for scope in partial.values()} == {""}


@pytest.mark.parametrize(
    ("operation", "body", "type_"),
    [
        ("ListTables", '{"TableNames": ["carts"], "LastEvaluatedTableName": "carts"}', "aws_dynamodb_table"),
        ("GET /2015-03-31/functions", '{"Functions": [], "NextMarker": "again"}', "aws_lambda_function"),
    ],
)
def test_a_token_that_comes_again_ends_its_scope(bad_day: Estate, operation: str, body: str, type_: str) -> None:
    """In JSON as in XML."""
    bad_day.moto.faults.append(failing(operation, Instead(body), region="eu-west-1"))
    partial = bad_day.scan()
    assert set(partial) == {(account, "eu-west-1", type_) for account in (SHOP, DATA)}
    assert all(scope.error.startswith("PaginationError: ") for scope in partial.values())


@pytest.mark.parametrize(
    ("operation", "body", "type_"),
    [
        ("DescribeAddresses", "<html><body>Log in to the hotel's network</body></html>", "aws_vpc_eip"),
        ("ListTables", '{"TableNames": ["carts"', "aws_dynamodb_table"),
        ("GET /2015-03-31/functions", '{"Functions": {"FunctionName": 1}}', "aws_lambda_function"),
    ],
)
def test_an_answer_that_makes_no_sense_is_told(bad_day: Estate, operation: str, body: str, type_: str) -> None:
    """XML or JSON, cut short or of another shape."""
    bad_day.moto.faults.append(failing(operation, Instead(body), region="eu-west-1"))
    partial = bad_day.scan()
    assert set(partial) == {(account, "eu-west-1", type_) for account in (SHOP, DATA)}
    assert all(
        scope.error.startswith("MalformedAnswer: ") and scope.error.endswith("got an answer that cannot be read.")
        for scope in partial.values()
    )


def test_throttling_for_ever_ends(bad_day: Estate) -> None:
    """Ten tries each, then it is told; the other services of the region go on."""
    bad_day.moto.faults.append(failing("DescribeDBInstances", Refusal("Throttling", 400), region="us-east-1"))
    partial = bad_day.scan()
    assert set(partial) == {(account, "us-east-1", "aws_rds_db_instance") for account in (SHOP, DATA)}
    assert all(
        "DescribeDBInstances in us-east-1 was throttled. Scan again later." in scope.error for scope in partial.values()
    )
    assert sum(call.operation == "DescribeDBInstances" and call.region == "us-east-1" for call in bad_day.calls) == 20


def _volume(moto: MotoCloud, account_id: str, region: str) -> str:
    made = moto.client("ec2", account_id, region).create_volume(Size=1, AvailabilityZone=f"{region}a")
    return str(made["VolumeId"])
