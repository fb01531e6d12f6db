"""The company's side of GCP: its two projects, where it works, how it labels; and a row of the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from escher.demo.blueprint.company import APPLICATIONS
from escher.demo.clouds.gcp.operations import COMPUTE
from escher.demo.clouds.gcp.state import Project

Json = dict[str, Any]
SHOP = Project("web-shop-417206", "583920174655", "web-shop", "owner")
DATA = Project("analytics-602943", "694031285766", "analytics", "viewer")
PROJECTS = (SHOP, DATA)
ZONES = {
    "us-central1": ("us-central1-a", "us-central1-b"),
    "europe-west1": ("europe-west1-b", "europe-west1-c"),
    "us-west1": ("us-west1-a", "us-west1-b"),
}
REGIONS = tuple(ZONES)
# The last one of each region is there, but nothing is in it.
EVERY_ZONE = (*(zone for zones in ZONES.values() for zone in zones), "us-central1-c", "europe-west1-d", "us-west1-c")
APPS = {
    SHOP: ("checkout", "orders", "catalog", "search", "api"),
    DATA: ("ingest", "warehouse", "reports", "forecast", "api"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A resource of the seed: the path within its API, what it is, its age. `project` where the path has none."""

    api: str
    path: str
    data: Json = field(default_factory=dict)
    age_days: float = 200
    project: str = ""


def labels(app: str = "", env: str = "", **more: str) -> dict[str, str]:
    """Labels are lower case in GCP; without an application it is waste that nobody labelled."""
    if not app:
        return dict(more)
    owner = APPLICATIONS[app]
    return {"app": app, "env": env, "owner": owner.owner, "cost-center": owner.cost_center.lower()} | more


def link(path: str) -> str:
    """The link to something of compute."""
    return COMPUTE + path


def compute(project: Project, path: str, age_days: float = 200, **data: Any) -> Row:
    """A row of compute."""
    return Row("compute", f"projects/{project.project_id}/{path}", data, age_days)


def row(api: str, project: Project, path: str, age_days: float = 200, **data: Any) -> Row:
    """A row of another API that names things below a project."""
    return Row(api, f"projects/{project.project_id}/{path}", data, age_days)


def in_project(project: Project, path: str) -> str:
    """The link to something of compute in a project."""
    return link(f"projects/{project.project_id}/{path}")
