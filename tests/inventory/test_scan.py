"""A scan of two accounts sees what boto3 sees, says how complete that is, and tells how it goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from escher.errors import InvalidInput, ScanError
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.store.estate import EstateStore
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP, MotoCloud
from tests.inventory.resources import SMALL_SCAN, only

Lister = Callable[[Any], list[str]]
REGIONAL: dict[str, tuple[str, Lister]] = {
    "aws_ec2_instance": (
        "ec2",
        lambda ec2: [i["InstanceId"] for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]],
    ),
    "aws_ebs_volume": ("ec2", lambda ec2: [v["VolumeId"] for v in ec2.describe_volumes()["Volumes"]]),
    "aws_ebs_snapshot": (
        "ec2",
        lambda ec2: [s["SnapshotId"] for s in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]],
    ),
    "aws_vpc_security_group": (
        "ec2",
        lambda ec2: [g["GroupId"] for g in ec2.describe_security_groups()["SecurityGroups"]],
    ),
    "aws_vpc_eip": ("ec2", lambda ec2: [a["AllocationId"] for a in ec2.describe_addresses()["Addresses"]]),
    "aws_rds_db_instance": (
        "rds",
        lambda rds: [d["DBInstanceIdentifier"] for d in rds.describe_db_instances()["DBInstances"]],
    ),
    "aws_lambda_function": ("lambda", lambda client: [f["FunctionName"] for f in client.list_functions()["Functions"]]),
    "aws_dynamodb_table": ("dynamodb", lambda dynamodb: dynamodb.list_tables()["TableNames"]),
}
ONLY_GLOBAL: dict[str, tuple[str, Lister]] = {
    "aws_iam_role": ("iam", lambda iam: [role["RoleName"] for role in iam.list_roles()["Roles"]]),
    "aws_s3_bucket": ("s3", lambda s3: [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]),
}
Seen = set[tuple[str, str, str, str]]


def seen_by_boto3(cloud: MotoCloud) -> Seen:
    """Account, region, type and identifier of all there is; a bucket in the region that its location names."""
    found: Seen = set()
    for account_id in (SHOP, DATA):
        for name, (service, lister) in REGIONAL.items():
            for region in REGIONS:
                ids = lister(cloud.client(service, account_id, region))
                found |= {(account_id, region, name, identifier) for identifier in ids}
        roles = ONLY_GLOBAL["aws_iam_role"][1](cloud.client("iam", account_id))
        found |= {(account_id, "global", "aws_iam_role", role) for role in roles}
        s3 = cloud.client("s3", account_id)
        for bucket in ONLY_GLOBAL["aws_s3_bucket"][1](s3):
            place = s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"
            found.add((account_id, place, "aws_s3_bucket", bucket))
    return found


def seen_by_escher(estate: EstateStore) -> Seen:
    """The same of what the store holds."""
    resources = estate.snapshot().resources.values()
    return {(r.account_id, r.region, r.resource_type, r.identifier) for r in resources}


def test_the_estate_is_what_boto3_lists(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """Id by id, over all accounts, regions and types; every scope was seen whole."""
    report = scanner.scan(SMALL_SCAN)
    expected = seen_by_boto3(seeded)
    assert seen_by_escher(estate) == expected
    assert len({name for _, _, name, _ in expected}) == 10
    assert report.complete
    assert len(report.scopes) == 2 * (len(REGIONAL) * len(REGIONS) + len(ONLY_GLOBAL))
    assert {scope.status for scope in estate.scopes()} == {"complete"}


def test_what_a_resource_tells_is_what_aws_says(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """Tags, states and attributes arrive, those of the detail calls too; secrets of a function do not."""
    scanner.scan(SMALL_SCAN)
    found = {(r.resource_type, r.account_id, r.region): r for r in estate.snapshot().resources.values()}
    bucket = found["aws_s3_bucket", SHOP, "eu-west-1"]
    assert (bucket.tags, bucket.attributes["public"], bucket.attributes["encrypted"]) == ({"env": "dev"}, True, False)
    assert found["aws_lambda_function", DATA, "us-east-1"].tags == {"env": "dev"}
    assert found["aws_dynamodb_table", DATA, "us-east-1"].tags == {"env": "dev"}
    assert found["aws_iam_role", DATA, "global"].tags == {"env": "prod", "of": DATA}
    assert found["aws_rds_db_instance", SHOP, "eu-west-1"].attributes["size_gib"] == 20
    states = [r.state for r in estate.snapshot().resources.values() if r.resource_type == "aws_ec2_instance"]
    assert (states.count("running"), states.count("stopped")) == (8, 4)
    assert "canary-password" not in str(list(estate.snapshot().resources.values()))


def test_the_report_adds_up_and_is_json(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """Counts by type, region and account sum up to what was found."""
    document = json.loads(json.dumps(scanner.scan(SMALL_SCAN).document()))
    counts = document["counts"]
    total = len(estate.snapshot().resources)
    assert counts["found"] == total == sum(scope["count"] for scope in document["scopes"])
    assert [sum(counts[by].values()) for by in ("by_type", "by_region", "by_account")] == [total] * 3
    assert (document["status"], document["complete"], document["errors"]) == ("completed", True, [])
    assert all(0 <= scope["age_seconds"] < 60 for scope in document["scopes"])


def test_a_second_scan_changes_nothing(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """A scan is idempotent."""
    scanner.scan(SMALL_SCAN)
    before = seen_by_escher(estate)
    report = scanner.scan(SMALL_SCAN)
    assert (seen_by_escher(estate), report.deleted) == (before, 0)


def test_what_is_gone_is_taken_out(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """A complete scope tells that a thing is no longer there, be it in a region or, as a bucket, in the global scope."""
    ec2, s3 = seeded.client("ec2", SHOP), seeded.client("s3", SHOP, "eu-west-1")
    volume = ec2.create_volume(Size=1, AvailabilityZone="us-east-1a")["VolumeId"]
    s3.create_bucket(Bucket="short-lived", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    scanner.scan(SMALL_SCAN)
    assert {identifier for *_, identifier in seen_by_escher(estate)} >= {volume, "short-lived"}
    ec2.delete_volume(VolumeId=volume)
    s3.delete_bucket(Bucket="short-lived")
    report = scanner.scan(SMALL_SCAN)
    assert report.deleted == 2
    assert seen_by_escher(estate) == seen_by_boto3(seeded)


def test_a_scan_can_be_narrowed(seeded: MotoCloud, scanner: Scanner, estate: EstateStore) -> None:
    """By account, region and type; the rest is neither read nor recorded."""
    request = only("aws_ebs_volume", "aws_iam_role", accounts=("data",), regions=("eu-west-1",))
    report = scanner.scan(request)
    assert {(scope.account_id, scope.region, scope.resource_type) for scope in report.scopes} == {
        (DATA, "eu-west-1", "aws_ebs_volume"),
        (DATA, "global", "aws_iam_role"),
    }
    assert {account for account, *_ in seen_by_escher(estate)} == {DATA}


def test_a_wanted_region_that_is_off_is_told(seeded: MotoCloud, scanner: Scanner) -> None:
    """It is in the report, and the others are read."""
    report = scanner.scan(only("aws_vpc_eip", regions=("us-east-1", "mars-1")))
    assert report.errors == ("mars-1 is not on for account data.", "mars-1 is not on for account shop.")
    assert len(report.scopes) == 2


def test_regions_that_are_on_are_found(seeded: MotoCloud, cloud: MotoCloud, estate: EstateStore) -> None:
    """An account that names no regions is read in all that EC2 says are on."""
    estate.put_account(cloud.account(SHOP, "shop", regions=()))
    Scanner(estate, Clouds()).scan(only("aws_vpc_eip"))
    regions = seeded.client("ec2", SHOP).describe_regions()["Regions"]
    assert {scope.region for scope in estate.scopes()} == {region["RegionName"] for region in regions}


def test_a_scan_tells_how_it_goes(seeded: MotoCloud, scanner: Scanner) -> None:
    """It starts, tells of every scope once, tells its progress at most every half second, and ends."""
    events: list[Mapping[str, Any]] = []
    report = scanner.scan(SMALL_SCAN, progress=events.append)
    kinds = [event["type"] for event in events]
    assert (kinds[0], kinds[-1]) == ("scan_started", "scan_complete")
    assert kinds.count("scan_service_complete") == len(report.scopes)
    assert kinds.count("scan_progress") <= report.duration_ms / 500 + 1
    assert sum(e["resources_found"] for e in events if e["type"] == "scan_service_complete") == report.counts.found
    assert {event["scan_id"] for event in events} == {report.scan_id}
    assert json.dumps(events)


@pytest.mark.usefixtures("cloud")
def test_without_accounts_a_scan_does_not_start(estate: EstateStore) -> None:
    """The next move is told."""
    with pytest.raises(ScanError, match="no account to scan"):
        Scanner(estate, Clouds()).scan()


def test_a_type_that_nobody_knows_is_refused(scanner: Scanner) -> None:
    """Before anything is read."""
    with pytest.raises(InvalidInput, match="unknown resource type"):
        scanner.scan(only("aws_nothing"))


def test_a_scanner_does_one_scan_at_a_time(seeded: MotoCloud, scanner: Scanner) -> None:
    """A second one is refused while the first is under way."""
    refused: list[ScanError] = []

    def scan_again(event: Mapping[str, Any]) -> None:
        if event["type"] == "scan_started":
            with pytest.raises(ScanError, match="running already") as caught:
                scanner.scan(SMALL_SCAN)
            refused.append(caught.value)

    scanner.scan(only("aws_vpc_eip"), scan_again)
    assert len(refused) == 1
