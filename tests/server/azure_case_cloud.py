"""The estates of the library's Azure cases, made in the demo's Azure over its API and read back as a scan reads them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from escher.contract.estate import GLOBAL, Account, Resource
from escher.providers.azure.access import AzureAccess
from escher.providers.azure.reader import AzureReader
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Sighting, Unit
from escher_server.library.cases import Case
from tests.fixtures.azure_cloud import AzureCloud
from tests.server.azure_case_bodies import MAKE, Made, rules_of

_SUBSCRIPTION = "web-shop"
_LOCATION = "westeurope"


class AzureCaseCloud:
    """A resource group of its own in a subscription of the demo's Azure."""

    def __init__(self, cloud: AzureCloud) -> None:
        self._cloud = cloud
        self.account = Account(
            provider="azure",
            account_id=cloud.subscriptions[_SUBSCRIPTION],
            name=_SUBSCRIPTION,
            endpoint_url=cloud.url,
            ca_bundle=cloud.certificate,
        )
        self.group = f"/subscriptions/{self.account.account_id}/resourceGroups/rg-case-{uuid.uuid4().hex[:8]}"
        self._ids: dict[str, str] = {}

    def build(self, case: Case) -> None:
        """Make everything of a case. Writes end at once meanwhile."""
        self._cloud.steer(ends_ms=0)
        self._send("PUT", self.group, {"location": _LOCATION})
        for thing in case.estate:
            for one in MAKE[thing.resource_type](self.group, thing):
                self._make(thing.name, one)
        self._cloud.steer(ends_ms=2000)

    def read(self, case: Case) -> dict[str, Resource]:
        """What there is of the case's things now, by their names in the case, as a scan reads it."""
        types = {thing.resource_type for thing in case.estate}
        seen = {found.resource_id: found for name in types for found in self._scan(name)}
        return {name: seen[key] for name, key in self._ids.items() if key in seen}

    def observe(self, case: Case, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The given facts of one thing as they are now, or None when it is gone."""
        resource = self.read(case).get(name)
        if resource is None:
            return None
        return {fact: self._fact(resource, fact) for fact in facts}

    def _fact(self, resource: Resource, fact: str) -> Any:
        match fact:
            case "state":
                return resource.state
            case "native_state":
                return resource.native_state
            case "tags":
                return resource.tags
            case "snapshots":
                made = self._scan("azure_compute_snapshot")
                return len([one for one in made if resource.resource_id in one.relations.get("copy_of", ())])
            case "backup_days":
                policy = f"{resource.resource_id}/backupShortTermRetentionPolicies/default"
                return self._got(policy)["properties"].get("retentionDays")
            case "rules":
                return rules_of(self._got(resource.resource_id))
            case _:
                return resource.attributes.get(fact)

    def _scan(self, resource_type: str) -> list[Resource]:
        sightings = asyncio.run(_seen(Unit(self.account, GLOBAL, resource_types()[resource_type])))
        assert [failure for sighting in sightings for failure in sighting.failures] == []
        return [sighting.resource for sighting in sightings if sighting.resource]

    def _make(self, name: str, one: Made) -> None:
        self._send(one.method, one.path, one.body)
        if one.itself:
            self._ids[name] = one.path.lower()

    def _got(self, path: str) -> dict[str, Any]:
        return self._cloud.send("GET", path).raise_for_status().json()

    def _send(self, method: str, path: str, body: Any) -> None:
        self._cloud.send(method, path, body).raise_for_status()


async def _seen(unit: Unit) -> list[Sighting]:
    """Every thing of a scope, as a scan sees it."""
    reader = AzureReader(AzureAccess(), Pacer(first_wait_s=0.01))
    try:
        pages = [page async for page in reader.pages((unit,))]
        assert [failure for page in pages for failure in page.failures.values()] == []
        records = [record for page in pages for record in page.records.get(unit, ())]
        return [await reader.look(unit, record) for record in records]
    finally:
        await reader.close()
