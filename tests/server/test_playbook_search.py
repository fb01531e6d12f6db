"""Retrieval: the purposes of the library in other words, and what must not be found."""

from __future__ import annotations

import httpx
import pytest

from escher.contract.context import Mention
from escher.contract.playbook import RankedPlaybook
from tests.server.conftest import context

PARAPHRASES = {
    "ec2-stop": [
        "shut down every development server in Frankfurt",
        "power off the staging machines for the weekend",
        "turn the test VMs off",
        "halt all running instances in us-west-2",
        "switch off the boxes of the billing team",
        "please bring down the sandbox servers",
    ],
    "ec2-start": [
        "boot the stopped servers again",
        "power the dev machines back on",
        "turn on all staging instances",
        "bring up the virtual machines in eu-west-1",
        "switch the test servers on",
        "fire up the stopped EC2 boxes",
    ],
    "ec2-reboot": [
        "restart the servers in eu-west-1",
        "bounce all dev instances",
        "power cycle the staging machines",
        "give the test VMs a restart",
        "do a reboot of every sandbox instance",
    ],
    "ec2-resize": [
        "make the dev instances bigger, m5.xlarge",
        "change the instance type of the staging servers to t3.large",
        "move the test machines to c6i.large",
        "downsize the sandbox instances to t3.micro",
        "upgrade the dev servers to r5.large",
    ],
    "rds-stop": [
        "shut down the dev databases",
        "turn off all RDS instances in staging",
        "pause the test databases over the weekend",
        "power down every postgres database in the sandbox",
        "halt the RDS databases in us-east-1",
    ],
    "rds-start": [
        "turn the dev databases back on",
        "boot the stopped RDS instances",
        "bring the test databases up again",
        "switch on the databases in staging",
        "resume the stopped RDS databases",
    ],
    "ebs-snapshot": [
        "take a snapshot of every prod volume",
        "back up the disks in us-east-1",
        "make a backup of all attached EBS volumes",
        "create snapshots of the staging disks",
        "snapshot the data volumes before the upgrade",
    ],
    "ebs-delete-unattached": [
        "get rid of the unattached disks",
        "remove all orphaned EBS volumes",
        "clean up unused volumes in us-east-1",
        "throw away the detached disks",
        "delete every volume that is not attached",
        "purge the leftover EBS volumes nobody uses",
    ],
    "eip-release-unused": [
        "release the elastic IPs that are not in use",
        "give back the unused public addresses",
        "free all unassociated elastic IPs",
        "get rid of idle elastic IP addresses",
        "delete the unattached EIPs in eu-west-1",
    ],
    "s3-block-public-access": [
        "make the public buckets private",
        "lock down all buckets that are open to the world",
        "close public access to the dev buckets",
        "block public access on every S3 bucket",
        "make sure the staging buckets are not public",
    ],
    "s3-encrypt": [
        "turn on encryption for all buckets",
        "encrypt the unencrypted S3 buckets",
        "enable default encryption on the staging buckets",
        "switch on server-side encryption for the dev buckets",
        "set up encryption at rest on every bucket",
    ],
    "tag-resources": [
        "tag all dev instances with owner=ana",
        "label the untagged volumes with team=data",
        "put the tag cost-center=42 on every bucket",
        "add a tag env=test to the sandbox databases",
        "set the tag project=apollo on all lambda functions",
        "mark every security group with owner=netops",
    ],
}
PAIRS = [(playbook, text) for playbook, texts in PARAPHRASES.items() for text in texts]


async def search(http: httpx.AsyncClient, text: str, *mentions: Mention) -> list[RankedPlaybook]:
    response = await http.post("/v1/playbooks/search", json=context(text, *mentions).model_dump(mode="json"))
    assert response.status_code == 200
    return [RankedPlaybook.model_validate(found) for found in response.json()]


async def test_the_purposes_are_found_in_other_words(http: httpx.AsyncClient) -> None:
    """Of 64 paraphrases, the right playbook is first for at least 90 %, and among three for at least 98 %."""
    found = {
        text: [rank.playbook_id.removeprefix("escher-aws-") for rank in await search(http, text)] for _, text in PAIRS
    }
    first = [text for playbook, text in PAIRS if found[text][:1] != [playbook]]
    among = [text for playbook, text in PAIRS if playbook not in found[text]]
    assert len(PAIRS) == 64
    assert len(first) <= len(PAIRS) * 0.10, {text: found[text] for text in first}
    assert len(among) <= len(PAIRS) * 0.02, {text: found[text] for text in among}


@pytest.mark.parametrize(
    "order",
    [
        "delete all dev instances",
        "terminate every sandbox server",
        "delete the dev buckets",
        "drop the test databases",
        "reboot the staging databases",
        "create a new VPC",
        "delete all snapshots older than 30 days",
        "stop the lambda functions",
        "encrypt the dev volumes",
        "restore the production database from yesterday",
        "rotate the access keys of the deploy role",
        "stop the GCP instances",
    ],
)
async def test_what_nothing_fits_is_not_answered_with_something_near(http: httpx.AsyncClient, order: str) -> None:
    """An act or a kind that the library does not have gives no playbook, however near its words are."""
    assert await search(http, order) == []


async def test_a_rank_says_why(http: httpx.AsyncClient) -> None:
    """Confidence from 0 to 1, and a reason of a sentence or two."""
    [rank] = await search(http, "release the unused elastic IPs")
    assert 0.6 < rank.confidence <= 1
    assert rank.reason == (
        "Releases Elastic IP addresses that are associated with nothing; a released address is lost. "
        "It cannot be undone. No runs are recorded yet."
    )


async def test_a_named_kind_decides_where_words_do_not(http: httpx.AsyncClient) -> None:
    """`stop r1234` means a database when that is what bears the name."""
    mention = Mention(alias="r1234", role="resource_name", kinds=("database_instance",))
    assert [rank.playbook_id for rank in await search(http, "stop r1234", mention)] == ["escher-aws-rds-stop"]
