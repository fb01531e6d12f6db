"""Answers that real Google Cloud gave to others go through the mapping. Their folder is named by ESCHER_REAL_DATA."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from escher.contract.estate import Account, Resource
from escher.providers.declarations import ResourceType
from escher.providers.gcp.failures import error_of
from escher.providers.gcp.names import Project, record_of
from escher.providers.mapping import find, is_of_type, to_resource
from escher.providers.registry import resource_types

ACCOUNT = Account("gcp", "cloud-custodian", "recorded")
PROJECT = Project("cloud-custodian", "1098479648729")
# What was recorded of each type: the folder, and the records within one answer.
RECORDED = {
    "gcp_artifact_registry_repository": ("repositories", "repositories"),
    "gcp_cloud_run_service": ("services", "items[?kind == 'Service']"),
    "gcp_compute_address": ("addresses", "items[]"),
    "gcp_compute_backend_service": ("aggregated-backendServices", "items.*.backendServices[]"),
    "gcp_compute_disk": ("disks", "items[]"),
    "gcp_compute_firewall": ("firewalls", "items"),
    "gcp_compute_forwarding_rule": ("aggregated-forwardingRules", "items.*.forwardingRules[]"),
    "gcp_compute_health_check": ("healthChecks", "items"),
    "gcp_compute_image": ("images", "items"),
    "gcp_compute_instance_group_manager": ("instanceGroupManagers", "items"),
    "gcp_compute_router": ("aggregated-routers", "items.*.routers[]"),
    "gcp_compute_security_policy": ("securityPolicies", "items"),
    "gcp_compute_snapshot": ("snapshots", "items"),
    "gcp_compute_subnetwork": ("aggregated-subnetworks", "items.*.subnetworks[]"),
    "gcp_compute_target_https_proxy": ("targetHttpsProxies", "items"),
    "gcp_compute_url_map": ("urlMaps", "items"),
    "gcp_dns_managed_zone": ("managedZones", "managedZones"),
    "gcp_firestore_database": ("databases", "databases"),
    "gcp_kubernetes_cluster": ("clusters", "clusters"),
    "gcp_kubernetes_node_pool": ("clusters", "clusters[].nodePools[]"),
    "gcp_logging_sink": ("sinks", "sinks"),
    "gcp_monitoring_alert_policy": ("alertPolicies", "alertPolicies"),
    "gcp_pubsub_subscription": ("subscriptions", "subscriptions"),
    "gcp_pubsub_topic": ("topics", "topics"),
    "gcp_secret_manager_secret": ("secret", "[@]"),
    "gcp_service_account": ("serviceAccounts", "accounts"),
    "gcp_bigtable_instance": ("instance", "[@]"),
    "gcp_compute_instance": ("jenkins", "[@]"),
    "gcp_compute_network": ("default", "[?kind == 'compute#network'] || [@][?kind == 'compute#network']"),
    "gcp_cloudfunctions_function": ("off", "[@][?contains(name || '', '/functions/')]"),
}


@pytest.fixture(scope="module")
def recorded() -> Path:
    """The folder `recorded/gcp` of the real data."""
    folder = Path(os.environ.get("ESCHER_REAL_DATA", "")) / "recorded/gcp"
    if not folder.is_dir():
        pytest.skip("ESCHER_REAL_DATA does not name a folder with recorded/gcp, so real answers are not tried.")
    return folder


def bodies(folder: Path, collection: str) -> Iterator[Any]:
    """All good answers of a folder."""
    for file in sorted((folder / collection).glob("*.json")):
        answer = json.loads(file.read_text("utf-8"))
        if str(answer["headers"].get("status", "200")) == "200":
            yield answer["body"]


def pairs(folder: Path, declared: ResourceType) -> list[tuple[dict[str, Any], Resource | None]]:
    """Each real record of a type beside what becomes of it."""
    collection, path = RECORDED[declared.name]
    found: list[tuple[dict[str, Any], Resource | None]] = []
    for raw in (raw for body in bodies(folder, collection) for raw in find(path, body) or ()):
        # The inventory names a service of Cloud Run; the older form of its record does not say the whole name.
        record = record_of(raw, declared, PROJECT, _run_name(raw) if declared.service == "run" else "")
        if is_of_type(record, declared):
            found.append((raw, to_resource(record, declared, ACCOUNT, "global", 0)))
    return found


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_real_records_become_resources(recorded: Path, name: str) -> None:
    """Every real record has its full name, place, state and labels."""
    found = pairs(recorded, resource_types()[name])
    assert found
    for raw, resource in found:
        assert resource is not None
        assert re.match(r"//[a-z]+\.googleapis\.com/.", resource.resource_id)
        assert resource.region == resource.region.lower()
        assert not re.fullmatch(r".*-[a-z]", resource.region)
        assert resource.state != "unknown"
        labels = raw.get("labels") or raw.get("resourceLabels") or raw.get("userLabels") or {}
        assert set(labels) <= set(resource.tags)


def test_real_disks(recorded: Path) -> None:
    """Size, zone and use of every real disk are those that Google states."""
    found = pairs(recorded, resource_types()["gcp_compute_disk"])
    assert found
    for raw, resource in found:
        assert resource
        assert resource.attributes["size_gib"] == int(raw["sizeGb"])
        assert resource.attributes["attached"] == bool(raw.get("users"))
        assert resource.zone == raw["zone"].rpartition("/")[2]
        assert resource.resource_id == raw["selfLink"].replace(
            "https://www.googleapis.com/compute/v1/", "//compute.googleapis.com/"
        )


def test_real_firewalls(recorded: Path) -> None:
    """A rule is public when it lets everybody in and is not off."""
    found = pairs(recorded, resource_types()["gcp_compute_firewall"])
    assert found
    for raw, resource in found:
        assert resource
        open_ = raw["direction"] == "INGRESS" and "allowed" in raw and "0.0.0.0/0" in raw.get("sourceRanges", ())
        assert resource.attributes["public"] == (open_ and not raw["disabled"])


def test_real_clusters_keep_no_certificate(recorded: Path) -> None:
    """What a real cluster tells of its certificate authority is left behind."""
    found = pairs(recorded, resource_types()["gcp_kubernetes_cluster"])
    secrets = [raw["masterAuth"]["clusterCaCertificate"] for raw, _ in found]
    assert secrets
    assert not [secret for secret in secrets if secret in repr(found[0][1])]


def test_real_refusals(recorded: Path) -> None:
    """The real answer of an API that is off is recognised, and says in which project."""
    folder = recorded / "aggregated"
    answers = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*disabled*.json"))]
    assert answers
    for answer in answers:
        error = error_of(httpx.Response(int(answer["headers"]["status"]), json=answer["body"]))
        assert error.off
        assert error.consumer.startswith("projects/")


def _run_name(raw: dict[str, Any]) -> str:
    location = raw["metadata"]["labels"]["cloud.googleapis.com/location"]
    return f"//run.googleapis.com/projects/cloud-custodian/locations/{location}/services/{raw['metadata']['name']}"
