"""Whatever fails is reported where it failed; nothing seen before is lost, and everything else is exact."""

from __future__ import annotations

import random
from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest

from escher.contract.estate import Scope
from escher.inventory.report import ScanReport
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.store.estate import EstateStore
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, Call, Instead, MotoCloud, Refusal, failing
from tests.inventory.resources import SMALL_SCAN, only

DENIED = Refusal("UnauthorizedOperation")


def partial(report: ScanReport) -> dict[tuple[str, str, str], Scope]:
    """The scopes that were not seen whole."""
    scopes = [scope for scope in report.scopes if scope.status != "complete"]
    return {(scope.account_id, scope.region, scope.resource_type): scope for scope in scopes}


def keys(estate: EstateStore) -> set[str]:
    """The natural keys of all that is stored."""
    return set(estate.snapshot().resources)


def test_a_denied_scope_keeps_its_records(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """A 403 deletes nothing, names the missing permission, and costs no other scope anything."""
    scanner.scan(SMALL_SCAN)
    before = keys(estate)
    seeded.faults.append(failing("DescribeVolumes", DENIED, region="eu-west-1"))
    report = scanner.scan(SMALL_SCAN)
    assert keys(estate) == before
    assert {key: scope.missing_permission for key, scope in partial(report).items()} == {
        (SHOP, "eu-west-1", "aws_ebs_volume"): "ec2:DescribeVolumes",
        (DATA, "eu-west-1", "aws_ebs_volume"): "ec2:DescribeVolumes",
    }
    scope = partial(report)[SHOP, "eu-west-1", "aws_ebs_volume"]
    assert scope.error == (
        "UnauthorizedOperation: DescribeVolumes in eu-west-1 was refused. Grant ec2:DescribeVolumes."
    )
    assert report.deleted == 0


def test_a_scope_that_fails_keeps_the_age_of_its_records(
    seeded: MotoCloud, cloud: MotoCloud, estate: EstateStore
) -> None:
    """Its records are as old as the last scan that saw all of them; a scope never seen whole has no age."""
    now = [1_000.0]
    estate.put_account(cloud.account(SHOP, "shop"))
    scanner = Scanner(estate, Clouds(), clock=lambda: now[0])
    seeded.faults.append(failing("DescribeVolumes", DENIED, region="eu-west-1"))
    scanner.scan(only("aws_ebs_volume"))
    now[0] = 9_000.0
    seeded.faults.append(failing("DescribeVolumes", DENIED, region="us-east-1"))
    report = scanner.scan(only("aws_ebs_volume"))
    assert {scope.region: scope.scanned_at for scope in report.scopes} == {"us-east-1": 1_000, "eu-west-1": 0}
    ages = {scope["region"]: scope["age_seconds"] for scope in report.document()["scopes"]}
    assert ages == {"us-east-1": 8_000, "eu-west-1": None}


def test_a_failure_on_the_second_page_deletes_nothing(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """The first page is stored, the rest is as it was, and the scope says that it is partial."""
    rds = seeded.client("rds", SHOP)
    names = [f"many-{number:03}" for number in range(105)]
    for name in names:
        rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="postgres")
    request = only("aws_rds_db_instance", accounts=("shop",))
    assert scanner.scan(request).complete
    before = keys(estate)
    seeded.faults.append(failing("DescribeDBInstances", Refusal("InternalFailure", 500), when=_later_page))
    report = scanner.scan(request)
    (scope,) = partial(report).values()
    assert (scope.region, scope.count, scope.error) == (
        "us-east-1",
        100,
        "InternalFailure: DescribeDBInstances in us-east-1 failed.",
    )
    assert keys(estate) == before
    for name in names:
        rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


def test_a_detail_that_is_denied_keeps_what_was_known_of_it(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore
) -> None:
    """Tags of an earlier scan stay when they cannot be read any more, and the scope is partial."""
    request = only("aws_lambda_function", accounts=("shop",))
    scanner.scan(request)
    seeded.faults.append(failing("GET /2017-03-31/tags", Refusal("AccessDeniedException"), region="us-east-1"))
    report = scanner.scan(request)
    (scope,) = partial(report).values()
    assert (scope.region, scope.missing_permission, scope.count) == ("us-east-1", "lambda:ListTags", 1)
    assert [function.tags for function in estate.snapshot().resources.values()] == [{"env": "dev"}] * 2


def test_a_thing_whose_details_were_never_read_is_stored_as_far_as_it_is_known(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore
) -> None:
    """Better partly known than missing."""
    seeded.faults.append(failing("ListTagsOfResource", Refusal("AccessDeniedException", 400)))
    report = scanner.scan(only("aws_dynamodb_table", accounts=("shop",)))
    assert {scope.missing_permission for scope in report.scopes} == {"dynamodb:ListTagsOfResource"}
    assert [table.state for table in estate.snapshot().resources.values()] == ["available"] * 2


def test_an_account_that_cannot_be_entered_is_reported_on_its_scopes(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore
) -> None:
    """Its records stay, and the other account is read."""
    scanner.scan(SMALL_SCAN)
    before = keys(estate)
    seeded.faults.append(failing("AssumeRole", Refusal("AccessDenied"), when=lambda call: DATA in call.form["RoleArn"]))
    report = Scanner(estate, Clouds()).scan(SMALL_SCAN)
    assert keys(estate) == before
    assert {account for account, *_ in partial(report)} == {DATA}
    assert len(partial(report)) == len(report.scopes) / 2
    assert all("could not be assumed" in scope.error for scope in partial(report).values())


def test_credentials_of_another_account_read_nothing(cloud: MotoCloud, estate: EstateStore) -> None:
    """What belongs to one account is never stored under another."""
    wrong = cloud.account(SHOP, "shop", role_arns=cloud.account(DATA, "data").role_arns)
    estate.put_account(wrong)
    report = Scanner(estate, Clouds()).scan(SMALL_SCAN)
    assert keys(estate) == set()
    assert all(f"belong to account {DATA}" in scope.error for scope in report.scopes)


def test_regions_that_cannot_be_found_are_reported(seeded: MotoCloud, cloud: MotoCloud, estate: EstateStore) -> None:
    """Without ec2:DescribeRegions nothing regional is claimed; what is in no region is read."""
    estate.put_account(cloud.account(SHOP, "shop", regions=()))
    seeded.faults.append(failing("DescribeRegions", DENIED))
    report = Scanner(estate, Clouds()).scan(SMALL_SCAN)
    assert {scope.resource_type for scope in report.scopes if scope.status == "complete"} == {
        "aws_iam_role",
        "aws_s3_bucket",
    }
    assert {scope.missing_permission for scope in partial(report).values()} == {"ec2:DescribeRegions"}


def test_throttling_loses_nothing(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """When a fifth of the calls is throttled, they are tried again until they are answered."""
    scanner.scan(SMALL_SCAN)
    before = keys(estate)
    dice = random.Random(7)
    seeded.faults.append(lambda call: Refusal("Throttling", 400) if dice.random() < 0.2 else None)
    report = scanner.scan(SMALL_SCAN)
    assert report.complete
    assert keys(estate) == before


@pytest.mark.parametrize(
    ("type_", "operation", "body"),
    [
        ("aws_vpc_eip", "DescribeAddresses", "<html"),
        ("aws_vpc_eip", "DescribeAddresses", "<html><body>Log in to the hotel's network</body></html>"),
        ("aws_dynamodb_table", "ListTables", "{}"),
        ("aws_dynamodb_table", "ListTables", '["x"]'),
        ("aws_lambda_function", "GET /2015-03-31/functions", '{"Functions": ["x"]}'),
        ("aws_iam_role", "ListRoles", "null"),
    ],
)
def test_an_answer_that_makes_no_sense_is_reported(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore, type_: str, operation: str, body: str
) -> None:
    """Whatever comes back in place of an answer, the scope says so and keeps its records."""
    request = only(type_, accounts=("shop",))
    scanner.scan(request)
    before = keys(estate)
    seeded.faults.append(failing(operation, Instead(body)))
    report = scanner.scan(request)
    assert len(partial(report)) == len(report.scopes)
    assert all(scope.error.startswith("MalformedAnswer: ") for scope in report.scopes)
    assert keys(estate) == before


def test_pages_that_go_in_circles_end(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """A page token that comes again is a failure, not an endless scan."""
    page = "<DescribeVolumesResponse><volumeSet/><nextToken>again</nextToken></DescribeVolumesResponse>"
    seeded.faults.append(failing("DescribeVolumes", Instead(page), region="us-east-1"))
    report = scanner.scan(only("aws_ebs_volume", accounts=("shop",)))
    (scope,) = partial(report).values()
    assert (scope.region, scope.error.partition(":")[0]) == ("us-east-1", "PaginationError")


def test_a_slow_scope_holds_up_no_other(seeded: MotoCloud, scanner: Scanner) -> None:
    """All other scopes are read, stored and told while one waits for its answer."""
    others_done, told = Event(), list[str]()

    def slow(call: Call) -> None:
        if call.operation == "DescribeVolumes" and call.region == "eu-west-1":
            others_done.wait(20)

    def watch(event: Mapping[str, Any]) -> None:
        if event["type"] == "scan_service_complete":
            told.append(event["region"])
            if len(told) == 3:
                others_done.set()

    seeded.faults.append(slow)
    request = only("aws_ebs_volume", "aws_vpc_eip", accounts=("shop",))
    assert scanner.scan(request, watch).complete
    assert others_done.is_set()
    assert told[-1] == "eu-west-1"


def test_a_cancelled_scan_keeps_what_it_stored(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """It ends at once, though a call hangs, and neither deletes nor claims anything about what it did not read."""
    cancel, hanging = Event(), Event()
    events: list[Mapping[str, Any]] = []

    def hang(call: Call) -> None:
        if call.operation == "DescribeVolumes":
            hanging.wait(30)

    def watch(event: Mapping[str, Any]) -> None:
        events.append(event)
        if event["type"] == "scan_service_complete":
            cancel.set()

    seeded.faults.append(hang)
    report = scanner.scan(SMALL_SCAN, progress=watch, cancel=cancel)
    assert not hanging.is_set()
    hanging.set()
    assert (report.status, report.complete, events[-1]["type"]) == ("cancelled", False, "scan_cancelled")
    assert 0 < len(report.scopes) < 36
    assert {scope.status for scope in report.scopes} == {"complete"}
    assert len(keys(estate)) == report.counts.found
    assert len(estate.scopes()) == len(report.scopes)


def test_a_watcher_that_fails_ends_the_scan(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """Its error is not swallowed, and the scanner can scan again."""

    def fail(event: Mapping[str, Any]) -> None:
        if event["type"] == "scan_service_complete":
            raise RuntimeError("the watcher is broken")

    with pytest.raises(RuntimeError, match="watcher is broken"):
        scanner.scan(SMALL_SCAN, progress=fail)
    assert scanner.scan(only("aws_vpc_eip")).complete
    assert {scope.region for scope in estate.scopes() if scope.resource_type == "aws_vpc_eip"} == set(REGIONS)


def _later_page(call: Call) -> bool:
    return "Marker" in call.form
