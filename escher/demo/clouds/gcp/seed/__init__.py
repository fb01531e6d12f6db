"""What the company owns in GCP before anybody changes anything; the same names and ids at every start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from escher.demo.clouds.gcp.asset_types import ASSET_TYPES
from escher.demo.clouds.gcp.completing import completed
from escher.demo.clouds.gcp.discovery import document
from escher.demo.clouds.gcp.seed import (
    balancing,
    data,
    databases,
    disks,
    machines,
    networks,
    operations,
    places,
    security,
    serverless,
)
from escher.demo.clouds.gcp.seed.company import PROJECTS, Row
from escher.demo.clouds.gcp.state import State

_VERSIONS = {kind.api: kind.version for kind in ASSET_TYPES}
_AREAS = (places, machines, disks, networks, balancing, databases, data, serverless, security, operations)


def rows() -> Iterator[Row]:
    """Everything, area by area; what an API holds that is off in a project is left out."""
    off = {(project.project_id, api) for project in PROJECTS for api in _apis() if places.is_off(project, api)}
    for area in _AREAS:
        yield from (row for row in area.rows() if (row.path.split("/")[1], row.api) not in off)


def seeded(now: datetime | None = None) -> State:
    """A state with everything in it. Ages count from the midnight before."""
    started = now or datetime.now(UTC)
    midnight = started.replace(hour=0, minute=0, second=0, microsecond=0)
    state = State({project.project_id: project for project in PROJECTS}, started)
    for row in rows():
        path, made = row.path.rstrip("/"), midnight - timedelta(days=row.age_days)
        found = document(row.api, _VERSIONS[row.api])
        assert found is not None
        data = completed(found, path, row.data, made, state)
        state.put(row.api, path, data, row.project or path.split("/")[1], made)
    return state


def _apis() -> set[str]:
    return {row.api for area in _AREAS for row in area.rows()}
