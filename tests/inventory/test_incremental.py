"""An incremental scan finds what was changed, and nothing else, for a tenth of a full scan's calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from escher.contract.estate import Resource
from escher.demo import cloud
from escher.inventory.plan import ScanRequest
from escher.inventory.report import ScanReport
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.store.estate import EstateStore
from escher.store.history import ScanHistory
from tests.inventory.seeding import zipped

SHOP, DATA, SANDBOX = "web-shop", "analytics", "sandbox"
INCREMENTAL = ScanRequest(depth="incremental")
News = tuple[str, str, str]
"""What happened, to which type, and to which identifier."""


@dataclass
class Demo:
    """The demo's AWS, seeded, with clients in its accounts."""

    url: str
    accounts: dict[str, Any]
    folder: Path
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, service: str, account: str, region: str = "us-east-1") -> Any:
        """boto3 in an account."""
        key = (service, account, region)
        if key not in self._clients:
            nobody = boto3.Session("demo", "demo", region_name="us-east-1")
            sts = nobody.client("sts", endpoint_url=self.url)
            keys = sts.assume_role(RoleArn=self.accounts[account].role_arns[0], RoleSessionName="ana")["Credentials"]
            session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
            self._clients[key] = session.client(service, region, endpoint_url=self.url)
        return self._clients[key]

    def switch(self, method: str, what: str, document: Any = None) -> Any:
        """Set or read a switch of the demo."""
        return requests.request(method, f"{self.url}/_demo/{what}", json=document, timeout=30).json()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, as everything in it is changed."""
    folder = tmp_path_factory.mktemp("incremental") / "demo"
    url = cloud.up(folder, only=["aws"])["endpoint"]
    yield Demo(url, {account.name: account for account in cloud.demo_accounts(folder)}, folder)
    cloud.down(folder)


@dataclass
class Seen:
    """An estate that was scanned whole: its scanner, its history, and what the last full scan took."""

    demo: Demo
    estate: EstateStore
    scanner: Scanner
    history: ScanHistory
    full: ScanReport

    def one(
        self, account: str, region: str, type_: str, fits: Callable[[Resource], bool] = lambda one: True
    ) -> Resource:
        """The first resource of an account's type in a region that fits."""
        account_id = self.demo.accounts[account].account_id
        found = [one for one in self.estate.by_type(type_) if (one.account_id, one.region) == (account_id, region)]
        return min((one for one in found if fits(one)), key=lambda one: one.identifier)

    def incremental(self) -> tuple[ScanReport, set[News]]:
        """An incremental scan, and what it found."""
        report = self.scanner.scan(INCREMENTAL)
        news = [one.change for one in self.history.changes() if one.scan_id == report.scan_id]
        found = [(one.what, one.resource_type, self._identifier(one.key)) for one in news]
        assert len(found) == report.appeared + report.changed + report.deleted
        return report, set(found)

    def _identifier(self, key: str) -> str:
        return key.split(":", 4)[4]


@pytest.fixture
def seen(demo: Demo, estate: EstateStore) -> Iterator[Seen]:
    """The demo's estate after a full scan."""
    demo.switch("DELETE", "faults")
    with cloud.surroundings(demo.folder):
        for account in demo.accounts.values():
            estate.put_account(account)
        scanner = Scanner(estate, Clouds())
        full = scanner.scan()
        assert full.complete and full.counts.found >= 1_000
        yield Seen(demo, estate, scanner, ScanHistory(estate.store), full)
    demo.switch("DELETE", "faults")


def change_by_twenty(seen: Seen, number: int) -> set[News]:
    """Twenty changes in three accounts and three regions, of most kinds; the news that they are."""
    return {
        *_instances(seen, number),
        *_disks(seen),
        *_stores(seen, number),
        *_functions_and_people(seen, number),
        *_networks_and_databases(seen, number),
    }


def _instances(seen: Seen, number: int) -> list[News]:
    """Tag one, stop one, start one, resize one."""

    def instance(account: str, region: str, state: str, skip: tuple[str, ...] = ()) -> Any:
        found = seen.one(
            account, region, "aws_ec2_instance", lambda one: one.state == state and one.identifier not in skip
        )
        return found.identifier, seen.demo.client("ec2", account, region)

    tagged, ec2 = instance(SHOP, "us-east-1", "running")
    ec2.create_tags(Resources=[tagged], Tags=[{"Key": "reviewed", "Value": f"{number}"}])
    stopped, ec2 = instance(SHOP, "us-east-1", "running", (tagged,))
    ec2.stop_instances(InstanceIds=[stopped])
    started, ec2 = instance(SANDBOX, "eu-west-1", "stopped")
    ec2.start_instances(InstanceIds=[started])
    resized, ec2 = instance(DATA, "us-east-1", "running")
    ec2.stop_instances(InstanceIds=[resized])
    ec2.modify_instance_attribute(InstanceId=resized, InstanceType={"Value": "r5.4xlarge"})
    return [("changed", "aws_ec2_instance", one) for one in (tagged, stopped, started, resized)]


def _disks(seen: Seen) -> list[News]:
    """Make and remove a volume, make and remove a snapshot."""
    ec2 = seen.demo.client("ec2", SHOP, "eu-west-1")
    made = ec2.create_volume(Size=3, AvailabilityZone="eu-west-1a")["VolumeId"]
    free = seen.one(SHOP, "us-east-1", "aws_ebs_volume", lambda one: one.state == "available").identifier
    seen.demo.client("ec2", SHOP).delete_volume(VolumeId=free)
    copied = ec2.create_snapshot(VolumeId=made)["SnapshotId"]
    old = seen.one(SHOP, "us-east-1", "aws_ebs_snapshot").identifier
    seen.demo.client("ec2", SHOP).delete_snapshot(SnapshotId=old)
    return [
        ("appeared", "aws_ebs_volume", made),
        ("vanished", "aws_ebs_volume", free),
        ("appeared", "aws_ebs_snapshot", copied),
        ("vanished", "aws_ebs_snapshot", old),
    ]


def _stores(seen: Seen, number: int) -> list[News]:
    """Make a bucket and tag one, make a table and remove one, make a queue."""
    s3, ddb = seen.demo.client("s3", DATA), seen.demo.client("dynamodb", DATA)
    bucket, table, queue = f"new-bucket-{number}", f"new-table-{number}", f"new-queue-{number}"
    s3.create_bucket(Bucket=bucket)
    tagged = seen.one(DATA, "us-east-1", "aws_s3_bucket").identifier
    s3.put_bucket_tagging(Bucket=tagged, Tagging={"TagSet": [{"Key": "reviewed", "Value": f"{number}"}]})
    ddb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    old = seen.one(SHOP, "us-east-1", "aws_dynamodb_table").identifier
    seen.demo.client("dynamodb", SHOP).delete_table(TableName=old)
    url = seen.demo.client("sqs", SHOP, "us-west-2").create_queue(QueueName=queue)["QueueUrl"]
    assert url.endswith(queue)
    return [
        ("appeared", "aws_s3_bucket", bucket),
        ("changed", "aws_s3_bucket", tagged),
        ("appeared", "aws_dynamodb_table", table),
        ("vanished", "aws_dynamodb_table", old),
        ("appeared", "aws_sqs_queue", queue),
    ]


def _functions_and_people(seen: Seen, number: int) -> list[News]:
    """Make a function and give one more memory, make a role and tag one."""
    iam, functions = seen.demo.client("iam", SANDBOX), seen.demo.client("lambda", SHOP)
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=f"new-role-{number}", AssumeRolePolicyDocument=trust)["Role"]
    tagged = seen.one(DATA, "global", "aws_iam_role", lambda one: not one.name.startswith("EscherDemo")).identifier
    seen.demo.client("iam", DATA).tag_role(RoleName=tagged, Tags=[{"Key": "reviewed", "Value": f"{number}"}])
    grown = seen.one(SHOP, "us-east-1", "aws_lambda_function")
    functions.update_function_configuration(FunctionName=grown.identifier, MemorySize=1_536 + number)
    owner = next(one["RoleName"] for one in seen.demo.client("iam", SHOP).list_roles()["Roles"])
    made = f"new-function-{number}"
    seen.demo.client("lambda", SHOP, "us-west-2").create_function(
        FunctionName=made,
        Runtime="python3.12",
        Role=f"arn:aws:iam::{seen.demo.accounts[SHOP].account_id}:role/{owner}",
        Handler="a.h",
        Code={"ZipFile": zipped()},
    )
    return [
        ("appeared", "aws_iam_role", role["RoleName"]),
        ("changed", "aws_iam_role", tagged),
        ("appeared", "aws_lambda_function", made),
        ("changed", "aws_lambda_function", grown.identifier),
    ]


def _networks_and_databases(seen: Seen, number: int) -> list[News]:
    """Open a port, make a database and resize one."""
    group = seen.one(SHOP, "us-east-1", "aws_vpc_security_group").identifier
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 8_443 + number,
        "ToPort": 8_443 + number,
        "IpRanges": [{"CidrIp": f"10.9.{number}.0/24"}],
    }
    seen.demo.client("ec2", SHOP).authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    resized = seen.one(SHOP, "us-east-1", "aws_rds_db_instance", lambda one: one.state == "available").identifier
    rds = seen.demo.client("rds", SHOP)
    rds.modify_db_instance(
        DBInstanceIdentifier=resized, DBInstanceClass=f"db.r6g.{2 * number}xlarge", ApplyImmediately=True
    )
    made = f"new-database-{number}"
    seen.demo.client("rds", DATA).create_db_instance(
        DBInstanceIdentifier=made, DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )
    return [
        ("changed", "aws_vpc_security_group", group),
        ("changed", "aws_rds_db_instance", resized),
        ("appeared", "aws_rds_db_instance", made),
    ]


def missed(seen: Seen) -> set[News]:
    """What a full scan finds that the incremental one did not."""
    report = seen.scanner.scan(ScanRequest(permissions=False))
    news = [one.change for one in seen.history.changes() if one.scan_id == report.scan_id]
    return {(one.what, one.resource_type, one.name) for one in news}


def consequences(seen: Seen, done: set[News]) -> set[News]:
    """What the cloud itself changed along: the cards of instances that stopped or started, a new database's first snapshot."""
    instances = {f"aws_ec2_instance/{identifier}" for _, type_, identifier in done if type_ == "aws_ec2_instance"}
    databases = [name for what, type_, name in done if (what, type_) == ("appeared", "aws_rds_db_instance")]
    cards = [
        one.identifier
        for one in seen.estate.by_type("aws_ec2_network_interface")
        if instances & set(one.relations.get("attached_to", ()))
    ]
    copies = [
        one.identifier
        for one in seen.estate.by_type("aws_rds_db_snapshot")
        if any(one.identifier.startswith(f"rds:{name}-") for name in databases)
    ]
    changed = {("changed", "aws_ec2_network_interface", card) for card in cards}
    return changed | {("appeared", "aws_rds_db_snapshot", copy) for copy in copies}


def test_twenty_changes_are_found_for_a_tenth_of_the_calls(seen: Seen) -> None:
    """Exactly those, with what the cloud changed along; a full scan afterwards finds nothing that was missed."""
    expected = change_by_twenty(seen, 1)
    report, found = seen.incremental()
    assert len(expected) == 20
    assert expected <= found <= expected | consequences(seen, expected)
    assert report.complete and report.notices == ()
    assert report.calls <= seen.full.calls / 10
    assert missed(seen) == set()


def test_a_region_whose_events_are_denied_is_compared_by_its_lists(seen: Seen) -> None:
    """As exact for what lists tell; the user is told which permission is missing, and what may be stale until then."""
    fault = {
        "service": "cloudtrail",
        "operation": "LookupEvents",
        "region": "eu-west-1",
        "status": 400,
        "code": "AccessDeniedException",
    }
    seen.demo.switch("POST", "faults", fault)
    expected = change_by_twenty(seen, 2)
    report, found = seen.incremental()
    assert expected <= found <= expected | consequences(seen, expected)
    assert report.complete
    assert len(report.notices) == len(seen.demo.accounts)
    assert all("Grant cloudtrail:LookupEvents. Lists were compared instead" in notice for notice in report.notices)
    assert report.calls <= seen.full.calls / 3
    assert missed(seen) == set()


def test_an_instance_comes_and_goes_with_what_it_is_made_of(seen: Seen) -> None:
    """Its volume and its network interface are news too, though no event names them."""
    ec2 = seen.demo.client("ec2", DATA, "us-west-2")
    image = seen.one(DATA, "us-west-2", "aws_ec2_instance").attributes["image_id"]
    (made,) = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"]
    parts = {
        ("aws_ec2_instance", made["InstanceId"]),
        *(("aws_ebs_volume", disk["Ebs"]["VolumeId"]) for disk in made["BlockDeviceMappings"]),
        *(("aws_ec2_network_interface", card["NetworkInterfaceId"]) for card in made["NetworkInterfaces"]),
    }
    _, found = seen.incremental()
    assert found == {("appeared", *part) for part in parts}
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    _, found = seen.incremental()
    # The instance is listed as terminated for a while; its card is left behind, unattached, where the cloud keeps it.
    assert {news[1:] for news in found} == parts
    assert {news[0] for news in found if news[1] == "aws_ebs_volume"} == {"vanished"}
    assert {news[0] for news in found if news[1] == "aws_ec2_instance"} == {"changed"}
    assert missed(seen) == set()


def test_no_change_costs_next_to_nothing(seen: Seen) -> None:
    """Each region of each account is asked for its events, and nothing is read anew."""
    report, found = seen.incremental()
    assert found == set()
    assert report.complete
    assert report.calls <= seen.full.calls / 10
