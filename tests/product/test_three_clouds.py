"""The whole way over three clouds: the estate is, id by id, what each provider's own programs list."""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.demo.blueprint.company import ACCOUNTS, REGIONS
from escher.providers.registry import resource_types
from tests.fixtures.aws_listings import GLOBAL, REGIONAL, UNDECLARED
from tests.fixtures.azure_cloud import az_path
from tests.fixtures.three_clouds import ThreeClouds, three_clouds

pytestmark = [pytest.mark.demo]
Ids = dict[str, set[tuple[str, str, str]]]
NOT_IN_AZ_RESOURCE_LIST = {
    "azure_resource_group": "a group holds resources and is none of them",
    "azure_subnet": "a part of its network",
    "azure_storage_container": "a part of its account",
    "azure_role_assignment": "an extension of what it is granted on",
}
"""Types that Azure never lists as resources; each is compared with a list of its own."""
az_needed = [
    pytest.mark.az,
    pytest.mark.skipif(
        az_path() is None and os.environ.get("CI") != "true", reason="az is missing. Run: make test (it makes .venv-az)"
    ),
]
gcloud_needed = [
    pytest.mark.gcloud,
    pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud is missing. Install Google's Cloud SDK"),
]


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeClouds]:
    """Three clouds in a home that was empty."""
    with three_clouds(tmp_path_factory.mktemp("user")) as running:
        yield running


@pytest.fixture(scope="module")
def report(clouds: ThreeClouds) -> dict[str, Any]:
    """What the first scan said."""
    return clouds.escher("scan")


@pytest.fixture(scope="module")
def estate(clouds: ThreeClouds, report: dict[str, Any]) -> list[Resource]:
    """What the first scan stored, before any test changes a cloud."""
    assert report["status"] == "completed"
    return clouds.estate()


@pytest.fixture(scope="module")
def seen(estate: list[Resource]) -> Callable[[str], dict[str, str]]:
    """`seen(provider)`: resource types by id."""
    return lambda provider: {one.resource_id: one.resource_type for one in estate if one.provider == provider}


def test_one_scan_sees_all_of_it(report: dict[str, Any], estate: list[Resource]) -> None:
    """At least 2 000 resources in seven accounts; no scope is partial, nothing is reported as wrong."""
    assert (report["complete"], report["errors"]) == (True, [])
    assert {scope["status"] for scope in report["scopes"]} == {"complete"}
    accounts = {(one.provider, one.account_id) for one in estate}
    assert Counter(provider for provider, _ in accounts) == {"aws": 3, "azure": 2, "gcp": 2}
    assert report["counts"]["found"] == len(estate) >= 2_000


def test_every_declared_type_of_aws_has_a_listing() -> None:
    """The lists of boto3 leave no type out."""
    declared = {one.name for one in resource_types().values() if one.provider == "aws"}
    assert REGIONAL.keys() | GLOBAL.keys() == declared - {"aws_other"}


@pytest.fixture(scope="module")
def by_boto3(clouds: ThreeClouds) -> Ids:
    """What boto3 lists: account, region and id by type. A type that is listed once has no region."""
    found: Ids = defaultdict(set)
    for account, account_id in ACCOUNTS.items():
        for region in REGIONS:
            for name, listing in (REGIONAL | UNDECLARED).items():
                ids = listing.found(clouds.aws_clients(account, region))
                found[name] |= {(account_id, region, one) for one in ids}
        for name, listing in GLOBAL.items():
            found[name] |= {(account_id, "", one) for one in listing.found(clouds.aws_clients(account, REGIONS[0]))}
    return found


@pytest.mark.parametrize("name", [*REGIONAL, *GLOBAL, *UNDECLARED])
def test_aws_is_what_boto3_lists(name: str, by_boto3: Ids, estate: list[Resource]) -> None:
    """Id by id, each in its account and region; of what there is none, the estate has none."""
    listing = (REGIONAL | GLOBAL | UNDECLARED)[name]
    has_arns = any(one.startswith("arn:") for _, _, one in by_boto3[name])
    ours = [
        (
            one.account_id,
            "" if name in GLOBAL else one.region,
            one.resource_id if has_arns else listing.by(one),
        )
        for one in estate
        if one.resource_type == name
    ]
    assert Counter(ours) == Counter(by_boto3[name])


def test_aws_has_nothing_that_boto3_does_not_list(by_boto3: Ids, estate: list[Resource]) -> None:
    """Not in the generic form either; and something of it is there."""
    ours = Counter(one.resource_type for one in estate if one.provider == "aws")
    assert ours == {name: len(ids) for name, ids in by_boto3.items() if ids}
    assert all(ours[name] for name in UNDECLARED)


def _resources_by_sdk(clouds: ThreeClouds) -> set[str]:
    from azure.mgmt.resource.resources import ResourceManagementClient

    return {
        one.id.lower()
        for account in clouds.subscriptions
        for one in clouds.azure_client(ResourceManagementClient, account).resources.list()
    }


def _listed_as_resources(seen: Callable[[str], dict[str, str]]) -> set[str]:
    return {one for one, type_ in seen("azure").items() if type_ not in NOT_IN_AZ_RESOURCE_LIST}


def test_azure_is_what_the_sdk_lists(clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]) -> None:
    """Both subscriptions, the generic form included, id by id as azure-mgmt-resource has them."""
    assert _listed_as_resources(seen) == _resources_by_sdk(clouds)
    assert {one for one in seen("azure").values() if one not in resource_types()}


def test_parts_of_azure_are_what_their_own_clients_list(
    clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]
) -> None:
    """Groups, subnets and containers, of which no list of resources tells."""
    from azure.mgmt.network import NetworkManagementClient
    from azure.mgmt.resource.resources import ResourceManagementClient
    from azure.mgmt.storage import StorageManagementClient

    found: set[str] = set()
    for account in clouds.subscriptions:
        found |= {one.id for one in clouds.azure_client(ResourceManagementClient, account).resource_groups.list()}
        network = clouds.azure_client(NetworkManagementClient, account)
        found |= {subnet.id for one in network.virtual_networks.list_all() for subnet in one.subnets}
        storage = clouds.azure_client(StorageManagementClient, account)
        for one in storage.storage_accounts.list():
            found |= {container.id for container in storage.blob_containers.list(one.id.split("/")[4], one.name)}
    parts = NOT_IN_AZ_RESOURCE_LIST.keys() - {"azure_role_assignment"}
    assert {one.lower() for one in found} == {one for one, type_ in seen("azure").items() if type_ in parts}


class TestAz:
    """The real `az`."""

    pytestmark = az_needed

    def test_azure_is_what_az_lists(self, clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]) -> None:
        """`az resource list` of both subscriptions, id by id."""
        listed = {
            one["id"].lower() for name in clouds.subscriptions for one in clouds.az("resource", "list", "--subscription", name)
        }  # fmt: skip
        assert listed == _listed_as_resources(seen)

    def test_grants_are_what_az_lists(self, clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]) -> None:
        """`az role assignment list`, id by id."""
        words = ("role", "assignment", "list", "--all", "--fill-principal-name", "false", "--fill-role-definition-name", "false")  # fmt: skip
        listed = {
            one["id"].lower() for name in clouds.subscriptions for one in clouds.az(*words, "--subscription", name)
        }
        assert listed == {one for one, type_ in seen("azure").items() if type_ == "azure_role_assignment"}


def test_gcp_is_what_the_sdk_lists(clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]) -> None:
    """Every asset of both projects by google-cloud-asset, the generic form included."""
    from google.cloud import asset_v1

    inventory = clouds.google_client(asset_v1.AssetServiceClient, "/cloudasset", transport="rest")
    listed = {
        one.name for project in clouds.projects for one in inventory.list_assets(request={"parent": f"projects/{project}"})
    }  # fmt: skip
    assert listed == seen("gcp").keys()
    assert {one for one in seen("gcp").values() if one not in resource_types()}


@pytest.mark.parametrize(
    ("client", "name"),
    [
        ("InstancesClient", "gcp_compute_instance"),
        ("DisksClient", "gcp_compute_disk"),
        ("AddressesClient", "gcp_compute_address"),
        ("SubnetworksClient", "gcp_compute_subnetwork"),
    ],
)
def test_compute_is_what_its_sdk_lists(
    client: str, name: str, clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]
) -> None:
    """google-cloud-compute, over all zones and regions."""
    from google.cloud import compute_v1

    api = clouds.google_client(getattr(compute_v1, client))
    found: set[str] = set()
    for project in clouds.projects:
        for _, scoped in api.aggregated_list(project=project):
            found |= {one.self_link for one in getattr(scoped, client.removesuffix("Client").lower())}
    ours = {one for one, type_ in seen("gcp").items() if type_ == name}
    if name == "gcp_compute_address":
        everywhere = clouds.google_client(compute_v1.GlobalAddressesClient)
        found |= {one.self_link for project in clouds.projects for one in everywhere.list(project=project)}
    assert {_asset_name(one) for one in found} == ours


def _asset_name(link: str) -> str:
    return f"//compute.googleapis.com/projects/{link.partition('/projects/')[2]}"


class TestGcloud:
    """The real `gcloud`."""

    pytestmark = gcloud_needed

    def test_gcp_is_what_gcloud_lists(self, clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]) -> None:
        """`gcloud asset list` of both projects, id by id."""
        listed = {
            one["name"] for project in clouds.projects for one in clouds.gcloud("asset", "list", f"--project={project}")
        }
        assert listed == seen("gcp").keys()

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("instances", "gcp_compute_instance"),
            ("disks", "gcp_compute_disk"),
            ("snapshots", "gcp_compute_snapshot"),
            ("networks", "gcp_compute_network"),
            ("firewall-rules", "gcp_compute_firewall"),
        ],
    )
    def test_compute_is_what_gcloud_lists(
        self, words: str, name: str, clouds: ThreeClouds, seen: Callable[[str], dict[str, str]]
    ) -> None:
        """`gcloud compute … list` of both projects."""
        listed = {
            _asset_name(one["selfLink"])
            for project in clouds.projects
            for one in clouds.gcloud("compute", words, "list", f"--project={project}")
        }
        assert listed == {one for one, type_ in seen("gcp").items() if type_ == name}


@pytest.mark.parametrize(
    ("provider", "owned", "restricted"),
    [("aws", "web-shop", "analytics"), ("azure", "web-shop", "analytics"), ("gcp", "web-shop", "analytics")],
)
def test_permissions_are_as_the_demo_grants_them(
    provider: str, owned: str, restricted: str, estate: list[Resource]
) -> None:
    """All is allowed in the account that is the user's own, some is denied in the other; nothing is left unasked."""
    of = {name: [one for one in estate if (one.provider, one.account_name) == (provider, name)] for name in (owned, restricted)}  # fmt: skip
    acting = {one.name for one in resource_types().values() if one.acts}
    assert all(one.iam["checked_at"] for group in of.values() for one in group if one.resource_type in acting)
    assert not any(one.iam.get("denied_actions") or one.iam.get("unknown_actions") for one in of[owned])
    assert any(one.iam.get("allowed_actions") for one in of[owned])
    assert any(one.iam.get("denied_actions") for one in of[restricted])


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_constraints_and_ties_are_worked_out(provider: str, estate: list[Resource]) -> None:
    """Of every cloud: what can be stopped, what has backups, what hangs on it, and ties to others that are there."""
    ours = [one for one in estate if one.provider == provider]
    assert any(one.constraints.get("can_stop") is True for one in ours)
    assert any(one.constraints.get("can_stop") is False for one in ours)
    assert any(one.constraints["has_backups"] for one in ours)
    assert any(one.constraints["has_dependencies"] for one in ours)
    ids = {one.resource_id for one in ours} | {f"{one.resource_type}/{one.identifier}" for one in ours}
    leading = [target in ids for one in ours for targets in one.relations.values() for target in targets]
    assert sum(leading) > len(leading) / 2 > 50
