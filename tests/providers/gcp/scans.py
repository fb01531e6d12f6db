"""A scan of one project as the engine does it, without a store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from escher.contract.estate import GLOBAL, Account, Resource
from escher.errors import EscherError
from escher.providers.declarations import ResourceType
from escher.providers.gcp.access import GcpAccess
from escher.providers.gcp.reader import GcpReader
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Unit
from tests.fixtures.gcp_cloud import GcpCloud

TYPES = tuple(declared for declared in resource_types().values() if declared.provider == "gcp")
KNOWN = frozenset(declared.name for declared in TYPES)


@dataclass
class Seen:
    """What a scan saw: resources by natural key, failures by the name of their scope's type."""

    resources: dict[str, Resource] = field(default_factory=dict)
    failures: dict[str, list[EscherError]] = field(default_factory=dict)
    throttled: int = 0

    def declared(self) -> dict[str, Resource]:
        """The resources of declared types."""
        return {key: one for key, one in self.resources.items() if one.resource_type in KNOWN}

    def without(self, name: str) -> dict[str, Resource]:
        """The declared resources of all types but one."""
        return {key: one for key, one in self.declared().items() if one.resource_type != name}


def account_in(cloud: GcpCloud, project: str = "") -> Account:
    """A project of the demo, by the demo's key file."""
    project = project or cloud.owned
    return Account("gcp", project, project, profile=cloud.credentials, endpoint_url=cloud.url)


def reader_in(access: GcpAccess, pacer: Pacer | None = None) -> GcpReader:
    """A reader that waits little; made inside of an event loop."""
    return GcpReader(access, pacer or Pacer(first_wait_s=0.001), clock=lambda: 1_770_000_000)


async def scanned(account: Account, types: Iterable[ResourceType] = TYPES, access: GcpAccess | None = None) -> Seen:
    """Everything of some types in a project."""
    seen, pacer = Seen(), Pacer(first_wait_s=0.001)
    reader = reader_in(access or GcpAccess(), pacer)
    await reader.check(account)

    async def read(batch: tuple[Unit, ...]) -> None:
        try:
            async for page in reader.pages(batch):
                for unit, records in page.records.items():
                    for sighting in [await reader.look(unit, record) for record in records]:
                        seen.failures.setdefault(unit.declared.name, []).extend(sighting.failures)
                        if sighting.resource:
                            seen.resources[sighting.resource.natural_key] = sighting.resource
        except EscherError as cause:
            for unit in batch:
                seen.failures.setdefault(unit.declared.name, []).append(cause)

    batches = reader.batches([Unit(account, GLOBAL, declared) for declared in types])
    await asyncio.gather(*(read(batch) for batch in batches))
    await reader.close()
    seen.throttled = pacer.throttled
    seen.failures = {name: found for name, found in seen.failures.items() if found}
    return seen
