"""Lists a whole project by Cloud Asset Inventory: what is declared as its own API would give it, the rest in a general form."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from escher.contract.estate import Account
from escher.providers.declarations import ResourceType
from escher.providers.gcp.calls import GcpCalls
from escher.providers.gcp.names import Project, placed, record_of
from escher.providers.mapping import is_of_type
from escher.providers.registry import resource_types
from escher.providers.source import Record, Unit

SERVICE = "cloudasset"
PERMISSION = "cloudasset.assets.listResource"
PAGE_SIZE = 1_000
LONGEST_FILTER = 6_000
"""So many characters of asset types go into one address; Google takes 8 KiB, and what encodes slashes adds to them."""

OTHER = "gcp_other"
LAGGING = frozenset({"cloudfunctions.googleapis.com/Function"})
"""Types that Cloud Asset Inventory knows hours late."""

_COMPUTE = "compute.googleapis.com/"
_PLACED = re.compile(r"^compute\.googleapis\.com/(?:Region|Global)(?=[A-Z])")
_CREATED = ("createTime", "creationTimestamp", "creationTime", "timeCreated")


class AssetListing:
    """Lists by Cloud Asset Inventory."""

    def __init__(self, calls: GcpCalls) -> None:
        self._calls = calls

    async def answers(self, account: Account) -> None:
        """Ask for one asset. Raises as `GcpCalls.get` does when the inventory cannot be read."""
        query = {"contentType": "RESOURCE", "pageSize": 1, "assetTypes": "cloudresourcemanager.googleapis.com/Project"}
        await self._calls.get(account, SERVICE, f"v1/projects/{account.account_id}/assets", query)

    async def pages(
        self, account: Account, units: Sequence[Unit], project: Project
    ) -> AsyncIterator[dict[Unit, list[Record]]]:
        """The records of all scopes that share a list, page by page. Raises as `GcpCalls.get`, KeyError for a bad answer."""
        wanted = _by_asset_type(units)
        other = next((unit for unit in units if unit.declared.name == OTHER), None)
        query: dict[str, Any] = {"contentType": "RESOURCE", "pageSize": PAGE_SIZE}
        if other is None:
            query["assetTypes"] = [_pattern(name) for name in sorted(wanted)]
        async for answer in self._calls.pages(account, SERVICE, f"v1/projects/{account.account_id}/assets", query):
            if set(answer) - {"assets", "nextPageToken", "readTime"}:
                raise ValueError("there are no assets in the answer")
            records: dict[Unit, list[Record]] = {}
            for asset in answer.get("assets", []):
                known = wanted.get(canonical(asset["assetType"]), ())
                for unit, record in _sorted_in(asset, known, other, project):
                    records.setdefault(unit, []).append(record)
            yield records


def asset_types(declared: ResourceType) -> tuple[str, ...]:
    """What Cloud Asset Inventory calls a type, in canonical form."""
    names = (declared.native_type, *declared.native_aliases) if declared.native_type else ()
    return tuple(dict.fromkeys(map(canonical, names)))


def canonical(asset_type: str) -> str:
    """The name of a type without the place that some of Compute Engine's bear: `…/RegionDisk` is `…/Disk`."""
    return _PLACED.sub(_COMPUTE, asset_type)


def _pattern(asset_type: str) -> str:
    """A type's name in a filter. Google takes expressions there, and refuses a plain name that it does not know."""
    host, _, name = asset_type.partition("/")
    return f"{host}/(Region|Global)?{name}" if f"{host}/" == _COMPUTE else asset_type


def is_inventoried(declared: ResourceType) -> bool:
    """Whether Cloud Asset Inventory tells of a type, and in time."""
    return declared.name == OTHER or (bool(declared.native_type) and declared.native_type not in LAGGING)


def shares(units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
    """Scopes of one project in groups that one list tells of: all, or as many as fit into an address."""
    if any(unit.declared.name == OTHER for unit in units):
        return [tuple(units)]
    groups: list[list[Unit]] = []
    length = LONGEST_FILTER
    for unit in units:
        own = sum(len(name) + len("&assetTypes=%2F%28Region%7CGlobal%29%3F") for name in asset_types(unit.declared))
        if length + own > LONGEST_FILTER:
            groups.append([])
            length = 0
        groups[-1].append(unit)
        length += own
    return [tuple(group) for group in groups]


def other_record(asset: Mapping[str, Any], project: Project) -> dict[str, Any]:
    """What is kept of an asset of a type that nobody declares: a handful of words, never its data as a whole."""
    name = asset["name"]
    resource = asset.get("resource") or {}
    data = resource.get("data") or {}
    state = data.get("state") or data.get("status") or data.get("lifecycleState")
    record = {
        "native_type": asset["assetType"],
        "name": data.get("displayName") or _short(data.get("name")) or _short(name),
        "description": data.get("description"),
        "created_at": next((data[key] for key in _CREATED if isinstance(data.get(key), str)), None),
        "state": state if isinstance(state, str) else None,
        "labels": data.get("labels") if isinstance(data.get("labels"), dict) else None,
        "location": resource.get("location"),
        "_number": project.number,
        "_project": project.project_id,
    }
    return record | placed(name, record)


def _sorted_in(
    asset: Mapping[str, Any], known: Iterable[Unit], other: Unit | None, project: Project
) -> list[tuple[Unit, Record]]:
    sorted_in: list[tuple[Unit, Record]] = []
    declared = False
    for unit in known:
        declared = True
        data = (asset.get("resource") or {}).get("data") or {}
        record = record_of(data, unit.declared, _numbered(asset, project), asset["name"])
        if is_of_type(record, unit.declared):
            sorted_in.append((unit, record))
    if not declared and other is not None and canonical(asset["assetType"]) not in _declared_elsewhere():
        sorted_in.append((other, other_record(asset, project)))
    return sorted_in


@cache
def _declared_elsewhere() -> frozenset[str]:
    """The asset types that are read as types of their own, whether or not this scan wants them."""
    return frozenset(name for one in resource_types().values() if one.provider == "gcp" for name in asset_types(one))


def _numbered(asset: Mapping[str, Any], project: Project) -> Project:
    if project.number:
        return project
    ancestors = [one for one in asset.get("ancestors", ()) if one.startswith("projects/")]
    return Project(project.project_id, ancestors[0].removeprefix("projects/") if ancestors else "")


def _by_asset_type(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    wanted: dict[str, list[Unit]] = {}
    for unit in units:
        for name in asset_types(unit.declared):
            wanted.setdefault(name, []).append(unit)
    return wanted


def _short(name: Any) -> str:
    return name.rpartition("/")[2] if isinstance(name, str) else ""
