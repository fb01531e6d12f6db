"""What appeared, changed and vanished between scans; deeper and shallower scans; lists of what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from escher.contract.changes import Change, FieldChange
from escher.contract.estate import Account, Resource
from escher.contract.marks import mark
from escher.inventory.plan import Limits
from escher.inventory.reading import Reading
from escher.inventory.recording import Recorder
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.providers.registry import resource_types
from escher.providers.source import Unit
from escher.store.estate import EstateStore
from escher.store.history import ScanHistory
from tests.fixtures.moto_cloud import SHOP, MotoCloud, Refusal, failing
from tests.inventory.resources import NOW, only, resource

VOLUMES = only("aws_ebs_volume", accounts=("shop",), regions=("us-east-1",))


@pytest.fixture
def history(estate: EstateStore) -> ScanHistory:
    """The history in the store of the estate."""
    return ScanHistory(estate.store)


@pytest.fixture
def volume(seeded: MotoCloud, scanner: Scanner) -> Iterator[str]:
    """A volume that the first scan has seen."""
    ec2 = seeded.client("ec2", SHOP)
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "env", "Value": "dev"}]}]
    volume_id = ec2.create_volume(Size=1, AvailabilityZone="us-east-1a", TagSpecifications=tags)["VolumeId"]
    scanner.scan(VOLUMES)
    yield volume_id
    seeded.faults.clear()
    if any(one["VolumeId"] == volume_id for one in ec2.describe_volumes()["Volumes"]):
        ec2.delete_volume(VolumeId=volume_id)


def news(estate: EstateStore, before: Resource, after: Resource) -> tuple[list[Change], int]:
    """What two scans tell that saw a resource as it was and as it is, and how many changes the second one counts."""
    unit = Unit(Account("aws", before.account_id, "shop"), before.region, resource_types()[before.resource_type])
    for number, one in enumerate((before, after)):
        recorder = Recorder(estate, f"scan-{number}", lambda: NOW)
        recorder.record([Reading(unit, (one,))])
    return [one.change for one in ScanHistory(estate.store).changes()], recorder.changes.total()


ROLE = resource("web", "aws_iam_role", region="global", attributes={"last_used_at": NOW, "max_session_s": 3_600})


def test_a_secret_alone_makes_no_change(estate: EstateStore) -> None:
    """It was never stored, so that it would differ at every scan; also deep within, and in a tag."""
    secret = {"token": "canary-1", "settings": {"password": "canary-2", "size": 1}}
    before = replace(ROLE, attributes=ROLE.attributes | secret, tags={"token": "a"})
    again = {"token": "canary-3", "settings": {"password": "canary-4", "size": 1}}
    assert news(estate, before, replace(before, attributes=before.attributes | again, tags={"token": "b"})) == ([], 0)


def test_of_a_change_with_a_secret_the_rest_is_told(estate: EstateStore) -> None:
    """With the values that are stored."""
    before = replace(ROLE, attributes={"token": "canary-1", "settings": {"password": "canary-2", "size": 1}})
    after = replace(ROLE, attributes={"token": "canary-3", "settings": {"password": "canary-4", "size": 2}})
    (change,), count = news(estate, before, after)
    assert (change.fields, count) == ((FieldChange("attributes.settings", {"size": 1}, {"size": 2}),), 1)


def test_that_a_role_was_used_is_no_change_but_is_kept(estate: EstateStore) -> None:
    """Scanning takes the role itself; the estate says when it was used last, the history does not."""
    used = replace(ROLE, attributes=ROLE.attributes | {"last_used_at": NOW + 60})
    assert news(estate, ROLE, used) == ([], 0)
    assert [one.attributes["last_used_at"] for one in estate.by_type("aws_iam_role")] == [NOW + 60]


def test_when_a_thing_was_last_used_is_volatile_wherever_it_is_declared() -> None:
    """So that no new type brings its use into the history."""
    words = re.compile("last_(used|accessed|seen|run)|next_run")
    heard = {
        f"{one.name}.{name}" for one in resource_types().values() for name in one.fields.keys() - one.volatile
        if words.search(name)
    }  # fmt: skip
    assert heard == set()


@pytest.mark.usefixtures("volume")
def test_the_first_scan_of_a_scope_is_no_news(history: ScanHistory) -> None:
    """Nobody wants to read that everything appeared."""
    assert history.changes() == []
    assert [(run.status, run.scan_type, run.appeared) for run in history.runs()] == [("completed", "full", 0)]


def test_news_are_told_field_by_field(seeded: MotoCloud, scanner: Scanner, history: ScanHistory, volume: str) -> None:
    """A tag that changed, a thing that is new, a thing that is gone, each in the scan that found it."""
    ec2 = seeded.client("ec2", SHOP)
    ec2.create_tags(Resources=[volume], Tags=[{"Key": "env", "Value": "prod"}])
    new = ec2.create_volume(Size=2, AvailabilityZone="us-east-1a")["VolumeId"]
    second = scanner.scan(VOLUMES)
    ec2.delete_volume(VolumeId=new)
    third = scanner.scan(VOLUMES)
    found = {(one.scan_id, one.change.what, one.change.key.rpartition(":")[2]): one.change for one in history.changes()}
    assert set(found) == {
        (second.scan_id, "changed", volume),
        (second.scan_id, "appeared", new),
        (third.scan_id, "vanished", new),
    }
    (field,) = found[second.scan_id, "changed", volume].fields
    assert (field.name, field.before, field.after) == ("tags.env", "dev", "prod")
    assert (second.appeared, second.changed, second.deleted, third.deleted) == (1, 1, 0, 1)


def test_what_could_not_be_seen_did_not_vanish(
    seeded: MotoCloud, scanner: Scanner, history: ScanHistory, volume: str
) -> None:
    """A refused scope has no news."""
    seeded.faults.append(failing("DescribeVolumes", Refusal("UnauthorizedOperation")))
    scanner.scan(VOLUMES)
    assert volume
    assert history.changes() == []


def test_a_quick_scan_reads_no_details_and_takes_nothing_out(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore, volume: str
) -> None:
    """What is gone stays until a deeper scan; what details told before is kept, and the scope is as whole as it was."""
    functions = only("aws_lambda_function", "aws_ebs_volume", accounts=("shop",), regions=("us-east-1",))
    scanner.scan(functions)
    before = estate.snapshot().resources
    seeded.client("ec2", SHOP).delete_volume(VolumeId=volume)
    seeded.calls.clear()
    report = scanner.scan(
        only("aws_lambda_function", "aws_ebs_volume", accounts=("shop",), regions=("us-east-1",), depth="quick")
    )
    assert estate.snapshot().resources.keys() == before.keys()
    assert report.complete
    assert not [call for call in seeded.calls if "tags" in call.operation]
    assert [one.tags for one in estate.by_type("aws_lambda_function")] == [{"env": "dev"}]


def test_a_first_quick_scan_says_that_details_are_missing(seeded: MotoCloud, scanner: Scanner) -> None:
    """It is a first look, not the whole."""
    report = scanner.scan(only("aws_lambda_function", accounts=("shop",), regions=("us-east-1",), depth="quick"))
    assert [(scope.status, scope.count, scope.scanned_at) for scope in report.scopes] == [("partial", 1, 0)]
    assert report.errors == ("a quick scan reads no details.",)


def test_a_flood_is_stopped_and_reported(seeded: MotoCloud, cloud: MotoCloud, estate: EstateStore) -> None:
    """More than its quota is not taken from a scope; it is partial, so nothing is taken out either."""
    estate.put_account(cloud.account(SHOP, "shop"))
    scanner = Scanner(estate, Clouds(), limits=Limits(resources=3))
    report = scanner.scan(only("aws_vpc_security_group", "aws_ebs_volume", accounts=("shop",), regions=("us-east-1",)))
    (flooded,) = [scope for scope in report.scopes if scope.status == "partial"]
    assert flooded.error.startswith("QuotaReached: more than 3 of ")
    assert flooded.count == 3
    assert len(estate.by_type(flooded.resource_type)) == 3


def test_what_the_user_leaves_out_is_not_stored(
    scanner: Scanner, estate: EstateStore, history: ScanHistory, volume: str
) -> None:
    """From the next scan on; it goes without being called vanished, and comes back when the mark is taken away."""
    marked = mark("ignore", f"id:{volume}")
    estate.put_mark(marked)
    report = scanner.scan(VOLUMES)
    assert volume not in {one.identifier for one in estate.snapshot().resources.values()}
    assert (report.ignored, report.deleted, history.changes()) == (1, 0, [])
    estate.remove_mark(marked)
    scanner.scan(VOLUMES)
    assert volume in {one.identifier for one in estate.snapshot().resources.values()}


def test_old_history_is_forgotten(scanner: Scanner, history: ScanHistory, volume: str) -> None:
    """After ninety days; nothing younger."""
    now = history.runs()[0].started_at
    assert volume
    assert history.forget(now + 80 * 86_400) == 0
    assert history.forget(now + 91 * 86_400) == 1
    assert history.runs() == []
