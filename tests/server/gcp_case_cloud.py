"""The estates of the library's GCP cases, made in the demo's Google Cloud over its APIs and read as a scan reads them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from escher.contract.estate import GLOBAL, Resource
from escher.providers.gcp.access import GcpAccess
from escher.providers.gcp.reader import GcpReader
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Sighting, Unit
from escher_server.library.cases import Case
from tests.fixtures.gcp_cloud import GcpCloud
from tests.providers.gcp.scans import account_in
from tests.server.gcp_case_bodies import MAKE, ZONE, Wanted


class GcpCaseCloud:
    """Things with names of their own in the project that the demo's account owns."""

    def __init__(self, cloud: GcpCloud) -> None:
        self._cloud = cloud
        self.account = account_in(cloud)
        self._ending = uuid.uuid4().hex[:6]
        self._started: dict[str, str] = {}

    def build(self, case: Case) -> None:
        """Make everything of a case. Operations end at once."""
        self._cloud.delay(operation_ms=0)
        for thing in case.estate:
            for one in MAKE[thing.resource_type](Wanted(self.account.account_id, self._named(thing.name), thing)):
                path, _, query = one.path.partition("?")
                self._cloud.post(path, one.body, **dict([query.split("=")] if query else [])).raise_for_status()
        machines = [thing.name for thing in case.estate if thing.resource_type == "gcp_compute_instance"]
        self._started = {name: self._last_start(name) for name in machines}

    def read(self, case: Case) -> dict[str, Resource]:
        """What there is of the case's things now, by their names in the case, as a scan reads it."""
        types = {thing.resource_type for thing in case.estate}
        seen = {(name, found.name): found for name in types for found in self._scan(name)}
        wanted = {thing.name: (thing.resource_type, self._named(thing.name)) for thing in case.estate}
        return {name: seen[key] for name, key in wanted.items() if key in seen}

    def observe(self, case: Case, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The given facts of one thing as they are now, or None when it is gone."""
        resource = self.read(case).get(name)
        if resource is None:
            return None
        return {fact: self._fact(name, resource, fact) for fact in facts}

    def _fact(self, name: str, resource: Resource, fact: str) -> Any:
        match fact:
            case "state" | "native_state" | "tags":
                return getattr(resource, fact)
            case "snapshots":
                made = self._scan("gcp_compute_snapshot")
                return len([one for one in made if resource.resource_id in one.relations.get("copy_of", ())])
            case "restarted":
                return self._last_start(name) != self._started[name]
            case "restarts":
                begun = self._got(f"sqladmin/v1/projects/{self.account.account_id}/operations").get("items", [])
                mine = [one for one in begun if one["targetId"] == resource.name]
                return [one["operationType"] for one in mine].count("RESTART")
            case _:
                return resource.attributes.get(fact)

    def _named(self, name: str) -> str:
        return f"{name}-{self._ending}"

    def _last_start(self, name: str) -> str:
        path = f"compute/v1/projects/{self.account.account_id}/zones/{ZONE}/instances/{self._named(name)}"
        return str(self._got(path).get("lastStartTimestamp", ""))

    def _scan(self, resource_type: str) -> list[Resource]:
        sightings = asyncio.run(_seen(Unit(self.account, GLOBAL, resource_types()[resource_type])))
        assert [failure for sighting in sightings for failure in sighting.failures] == []
        return [sighting.resource for sighting in sightings if sighting.resource]

    def _got(self, path: str) -> dict[str, Any]:
        return self._cloud.get(path).raise_for_status().json()


async def _seen(unit: Unit) -> list[Sighting]:
    """Every thing of a scope, as a scan sees it."""
    reader = GcpReader(GcpAccess(), Pacer(first_wait_s=0.01))
    try:
        pages = [page async for page in reader.pages((unit,))]
        assert [failure for page in pages for failure in page.failures.values()] == []
        records = [record for page in pages for record in page.records.get(unit, ())]
        return [await reader.look(unit, record) for record in records]
    finally:
        await reader.close()
