"""The words of the three clouds: kinds, providers, sizes, regions, times and settings."""

from __future__ import annotations

import pytest

from tests.server.understanding.conftest import order, read


@pytest.mark.parametrize(
    ("words", "kind", "provider"),
    [
        ("Azure VMs", "compute_instance", "azure"), ("resource groups", "resource_group", "azure"),
        ("storage accounts", "object_storage", "azure"), ("Azure SQL databases", "database_instance", "azure"),
        ("App Services", "app", "azure"), ("function apps", "function", "azure"), ("key vaults", "secret_store", "azure"),
        ("NSGs", "firewall", "azure"), ("Azure public IPs", "ip_address", "azure"), ("managed disks", "disk", "azure"),
        ("VM scale sets", "scaling_group", "azure"), ("AKS clusters", "container_cluster", "azure"),
        ("Azure container registries", "container_registry", "azure"), ("Cosmos DB accounts", "nosql_table", "azure"),
        ("Event Hubs", "stream", "azure"), ("Service Bus namespaces", "queue", "azure"),
        ("Log Analytics workspaces", "log_group", "azure"), ("managed identities", "identity", "azure"),
        ("Azure load balancers", "load_balancer", "azure"), ("application gateways", "load_balancer", "azure"),
        ("metric alerts", "alarm", "azure"), ("recovery services vaults", "backup_vault", "azure"),
        ("Compute Engine instances", "compute_instance", "gcp"), ("persistent disks", "disk", "gcp"),
        ("Cloud SQL instances", "database_instance", "gcp"), ("GCS buckets", "object_storage", "gcp"),
        ("Cloud Run services", "container_service", "gcp"), ("Cloud Functions", "function", "gcp"),
        ("GKE clusters", "container_cluster", "gcp"), ("Pub/Sub topics", "topic", "gcp"),
        ("Pub/Sub subscriptions", "queue", "gcp"), ("BigQuery datasets", "data_warehouse", "gcp"),
        ("Artifact Registry repositories", "container_registry", "gcp"), ("GCP firewall rules", "firewall", "gcp"),
        ("GCP static addresses", "ip_address", "gcp"), ("snapshot schedules", "policy", "gcp"),
        ("GCP service accounts", "identity", "gcp"), ("managed instance groups", "scaling_group", "gcp"),
        ("Spanner instances", "database_instance", "gcp"), ("Firestore databases", "nosql_table", "gcp"),
        ("EC2 instances", "compute_instance", "aws"), ("EBS volumes", "disk", "aws"), ("SSM parameters", "secret_store", "aws"),
        ("classic load balancers", "load_balancer", "aws"), ("web ACLs", "firewall", "aws"), ("user pools", "identity", "aws"),
    ],
)  # fmt: skip
def test_a_clouds_own_words_say_kind_and_cloud(words: str, kind: str, provider: str) -> None:
    """Asked for, a product is the kind that it is, on the one cloud that has it."""
    understood, asked = read(f"list all {words}")
    assert (understood.kinds, understood.providers, asked) == ((kind,), (provider,), None)


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        ("Standard_D2s_v5", "compute_instance"), ("Standard_B4ms", "compute_instance"), ("e2-medium", "compute_instance"),
        ("n2-standard-4", "compute_instance"), ("m6i.xlarge", "compute_instance"), ("db.t4g.medium", "database_instance"),
        ("db-n1-standard-2", "database_instance"),
    ],
)  # fmt: skip
def test_sizes_of_three_clouds(size: str, kind: str) -> None:
    """A size is a value, and says what has it when nothing else does."""
    understood = order(f"resize box-9 to {size}")
    assert understood.parameters.instance_type is not None
    assert str(understood.parameters.instance_type.value).lower() == size.lower()
    assert (understood.action, understood.kinds) == ("resize", (kind,))


@pytest.mark.parametrize(
    "region", ["westeurope", "eastus2", "europe-west4", "us-central1", "ap-southeast-2", "eu-north-1"]
)
def test_regions_of_three_clouds(region: str) -> None:
    """By their codes, and by Azure's names for people."""
    assert order(f"stop all instances in {region}").filters.regions == (region,)
    assert order("stop all VMs in West Europe").filters.regions == ("westeurope",)


@pytest.mark.parametrize(
    ("prompt", "when", "sure"),
    [
        ("stop r1001 every weekday at 19:00", "every weekday at 19:00", 1.0), ("stop r1001 tonight", "tonight", 0.8),
        ("stop r1001 on Friday at 6 pm", "on friday at 6 pm", 1.0), ("stop r1001 each working day at 20:00", "each working day at 20:00", 1.0),
        ("take a nightly snapshot of r1004", "nightly", 0.8), ("stop r1001 over the weekends", "over the weekends", 0.8),
    ],
)  # fmt: skip
def test_a_time_makes_an_order_a_schedule(prompt: str, when: str, sure: float) -> None:
    """The time as it was said, with where it is from and how sure it is."""
    understood = order(prompt)
    schedule = understood.parameters.schedule
    assert schedule is not None
    assert (understood.action, schedule.value, schedule.source, schedule.confidence) == (
        "schedule", when, "user_query", sure,
    )  # fmt: skip


def test_how_long_it_should_last_is_a_parameter_of_the_order() -> None:
    """`for the weekend` stops now; when it ends is in the parameter."""
    understood = order("stop r1001 for the weekend")
    assert understood.action == "stop"
    assert understood.parameters.schedule is not None and understood.parameters.schedule.value == "for the weekend"


def test_groups_accounts_and_projects_are_places() -> None:
    """A resource group, a subscription and a project narrow, however they are put."""
    [tag] = order("stop all VMs in the resource group rg-web").filters.tags
    assert (tag.key, tag.values) == ("resource_group", ("rg-web",))
    [tag] = order("stop the VMs in rg-web").filters.tags
    assert (tag.key, tag.values) == ("resource_group", ("rg-web",))
    assert order("stop all VMs in the Shop-Dev subscription").filters.accounts == ("Shop-Dev",)
    found = order("stop all compute engine instances in the projects shop-lab and shop-play").filters
    assert found.accounts == ("shop-lab", "shop-play")
    assert order("delete the resource group rg-web").kinds == ("resource_group",)


def test_settings_belong_to_what_has_them() -> None:
    """What is set is no target; a number of things is scaled; a rule that goes changes the group that it is in."""
    kept = order("set the retention of all log groups in us-east-1 to 30 days")
    assert (kept.action, kept.kinds, kept.filters.names) == ("update", ("log_group",), ())
    assert kept.parameters.days is not None and kept.parameters.days.value == 30
    scaled = order("set the desired capacity of the scale set web-vmss to 6")
    assert (scaled.action, scaled.parameters.count and scaled.parameters.count.value) == ("scale", 6)
    ruled = order("remove 0.0.0.0/0 on port 22 from security group sg-web-1")
    assert (ruled.action, ruled.kinds, ruled.filters.names) == ("update", ("firewall",), ("sg-web-1",))
