"""A look at a few things in the cloud, now: beside the scans, and never a guess."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.approval.seen import differences, seen
from escher.contract.estate import Resource
from escher.errors import TargetUnreadable
from escher.inventory.looking import LiveLook
from escher.inventory.plan import Limits
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.store.estate import EstateStore
from tests.fixtures.moto_cloud import SHOP, MotoCloud, Refusal, failing
from tests.inventory.resources import only

REGION = "us-east-1"


@pytest.fixture
def look(estate: EstateStore) -> LiveLook:
    """A look that does not wait long between tries."""
    return LiveLook(estate, Clouds(), Limits(first_wait_s=0.01))


@pytest.fixture
def bucket(cloud: MotoCloud) -> Iterator[str]:
    """A bucket of its own, whose tags are read one by one."""
    s3, name = cloud.client("s3", SHOP), "looked-at"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "env", "Value": "prod"}]})
    yield name
    s3.delete_bucket(Bucket=name)


def found(estate: EstateStore, resource_type: str) -> list[Resource]:
    """What the store has of a type in the shop's home region."""
    return [one for one in estate.by_type(resource_type) if (one.account_id, one.region) == (SHOP, REGION)]


def test_what_is_as_it_was_is_found_as_it_was(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore, look: LiveLook
) -> None:
    """Of every type of the small estate: a look says what the scan before said."""
    scanner.scan(
        only("aws_ec2_instance", "aws_ebs_volume", "aws_s3_bucket", "aws_lambda_function", "aws_rds_db_instance")
    )
    targets = [one for one in estate.snapshot().resources.values() if one.account_id == SHOP]
    now = look(targets)
    assert len(targets) >= 10
    assert {one.name: differences(seen(one), now.get(one.resource_id)) for one in targets} == {
        one.name: [] for one in targets
    }


def test_a_new_tag_is_seen_and_nothing_is_stored(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore, look: LiveLook
) -> None:
    """Retagged since the scan: the look says so with before and after; the store says what the scan saw."""
    scanner.scan(only("aws_ec2_instance"))
    target = found(estate, "aws_ec2_instance")[0]
    ec2 = seeded.client("ec2", SHOP, REGION)
    ec2.create_tags(Resources=[target.identifier], Tags=[{"Key": "env", "Value": "prod"}])
    try:
        now = look([target])[target.resource_id]
    finally:
        ec2.create_tags(Resources=[target.identifier], Tags=[{"Key": "env", "Value": "dev"}])
    assert differences(seen(target), now) == ["tags.env was dev and is prod"]
    assert found(estate, "aws_ec2_instance")[0] == target


def test_a_detail_that_no_list_tells_is_read(
    seeded: MotoCloud, bucket: str, scanner: Scanner, estate: EstateStore, look: LiveLook
) -> None:
    """A bucket's tags are in no list of buckets; they are read of the bucket that is looked at, and of no other."""
    scanner.scan(only("aws_s3_bucket"))
    target = next(one for one in estate.by_type("aws_s3_bucket") if one.name == bucket)
    tags = [{"Key": "env", "Value": "dev"}]
    seeded.client("s3", SHOP).put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    seeded.calls.clear()
    now = look([target])[target.resource_id]
    assert differences(seen(target), now) == ["tags.env was prod and is dev"]
    asked = [call.operation for call in seeded.calls if call.service == "s3" and "tagging" in call.operation]
    assert len(asked) <= 1


def test_what_is_gone_is_not_found(seeded: MotoCloud, scanner: Scanner, estate: EstateStore, look: LiveLook) -> None:
    """Deleted since the scan: the look has nothing, and the store loses nothing by it."""
    ec2 = seeded.client("ec2", SHOP, REGION)
    volume = ec2.create_volume(Size=1, AvailabilityZone=f"{REGION}a")["VolumeId"]
    scanner.scan(only("aws_ebs_volume"))
    target = next(one for one in found(estate, "aws_ebs_volume") if one.identifier == volume)
    ec2.delete_volume(VolumeId=volume)
    assert look([target]) == {}
    assert target in found(estate, "aws_ebs_volume")


@pytest.mark.parametrize("refusal", [Refusal("UnauthorizedOperation"), Refusal("RequestLimitExceeded", 503)])
def test_what_cannot_be_read_is_not_called_unchanged(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore, look: LiveLook, refusal: Refusal
) -> None:
    """Refused or throttled: an error of its own that names the target."""
    scanner.scan(only("aws_ec2_instance"))
    target = found(estate, "aws_ec2_instance")[0]
    seeded.faults.append(failing("DescribeInstances", refusal))
    with pytest.raises(TargetUnreadable, match=target.name):
        look([target])


def test_a_look_does_not_wait_for_a_scan(
    seeded: MotoCloud, cloud: MotoCloud, estate: EstateStore, look: LiveLook, tmp_path: Path
) -> None:
    """While another process scans, whose lock this is, a look still sees."""
    estate.put_account(cloud.account(SHOP, "shop"))
    Scanner(estate, Clouds(), lock_file=tmp_path / "scan.lock", clock=time.time).scan(only("aws_ec2_instance"))
    target = found(estate, "aws_ec2_instance")[0]
    with (tmp_path / "scan.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert set(look([target])) == {target.resource_id}
