"""What was changed in a project since a moment: by its audit log, else by comparing what Cloud Asset Inventory held then.

Reads are not in these logs. What an entry touches is told by the name of its resource; where one change brings others
about that have no entry of their own (an instance brings its disks), the types of those are touched as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from escher.contract.estate import GLOBAL, Account
from escher.providers.declarations import ResourceType
from escher.providers.gcp.assets import OTHER, PAGE_SIZE, SERVICE, asset_types, canonical
from escher.providers.gcp.calls import GcpCalls
from escher.providers.gcp.failures import ApiError
from escher.providers.registry import resource_types
from escher.providers.source import Changes

PERMISSION = "logging.logEntries.list"
MOST_PAGES = 20
"""So many pages of a thousand entries are read; whoever changes more than that lists anew sooner."""

_IMPLIED: Mapping[str, tuple[str, ...]] = {
    "gcp_compute_instance": ("gcp_compute_disk", "gcp_compute_address"),
    "gcp_compute_instance_group_manager": (
        *("gcp_compute_instance", "gcp_compute_disk", "gcp_compute_instance_group", "gcp_compute_autoscaler"),
    ),
    "gcp_compute_network": ("gcp_compute_subnetwork", "gcp_compute_route", "gcp_compute_firewall"),
    "gcp_compute_subnetwork": ("gcp_compute_route", "gcp_compute_network"),
    "gcp_compute_forwarding_rule": ("gcp_compute_address",),
    "gcp_compute_router": ("gcp_compute_address",),
    "gcp_compute_vpn_tunnel": ("gcp_compute_route",),
    "gcp_kubernetes_cluster": (
        *("gcp_kubernetes_node_pool", "gcp_compute_instance", "gcp_compute_disk", "gcp_compute_instance_template"),
        *("gcp_compute_instance_group", "gcp_compute_instance_group_manager", "gcp_compute_firewall"),
        "gcp_compute_route",
    ),
    "gcp_kubernetes_node_pool": ("gcp_kubernetes_cluster",),
    "gcp_cloudfunctions_function": ("gcp_cloud_run_service",),
    "gcp_dataproc_cluster": ("gcp_compute_instance", "gcp_compute_disk"),
    "gcp_secret_manager_secret": (),
}
_SERVICES = {"cloudsql": "sqladmin"}
_COLLECTIONS = {"b": "buckets"}
_COLLECTION = re.compile(r"([A-Za-z]+)(?:/\{[^}]*\})?$")


class ChangeLog:
    """Tells of changes."""

    def __init__(self, calls: GcpCalls) -> None:
        self._calls = calls

    async def logged(self, account: Account, since: int) -> Changes:
        """By the audit log. Raises as `GcpCalls.post` does."""
        moment = _moment(since)
        body = {
            "resourceNames": [f"projects/{account.account_id}"],
            "filter": f'(log_id("cloudaudit.googleapis.com/activity") OR log_id("cloudaudit.googleapis.com/system_event")) '
            f'AND timestamp>="{moment}"',
            "orderBy": "timestamp desc",
            "pageSize": PAGE_SIZE,
        }
        touched: dict[str, set[str]] = {}
        vague: set[str] = set()
        pages = 0
        async for answer in self._calls.pages(account, "logging", "v2/entries:list", body=body):
            for entry in answer.get("entries", []):
                _note(entry.get("protoPayload") or {}, touched, vague)
            pages += 1
            if pages >= MOST_PAGES:
                return Changes(blind=frozenset({GLOBAL}))
        return _changes(touched, vague)

    async def compared(self, account: Account, since: int) -> Changes:
        """By two lists of names and times: now, and as they were. Raises as `GcpCalls.get` does.

        Nothing is known when the inventory answers for another moment than the one that was asked for.
        """
        then = _moment(since)
        before = await self._inventory(account, {"readTime": then})
        now = await self._inventory(account, {})
        if before is None or now is None:
            return Changes(blind=frozenset({GLOBAL}))
        names = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        touched: dict[str, set[str]] = {}
        vague: set[str] = set()
        for asset_type, name in names:
            declared = _by_asset_type().get(canonical(asset_type))
            _touch(declared.name if declared else OTHER, name if declared else "", touched, vague)
        return _changes(touched, vague)

    async def _inventory(self, account: Account, query: Mapping[str, str]) -> dict[tuple[str, str], str] | None:
        found: dict[tuple[str, str], str] = {}
        path = f"v1/projects/{account.account_id}/assets"
        async for answer in self._calls.pages(account, SERVICE, path, {**query, "pageSize": PAGE_SIZE}):
            if "readTime" in query and not _is_of(answer.get("readTime", ""), query["readTime"]):
                return None
            for asset in answer.get("assets", []):
                found[asset["assetType"], asset["name"]] = asset.get("updateTime", "")
        return found


def _note(payload: Mapping[str, Any], touched: dict[str, set[str]], vague: set[str]) -> None:
    """Note what one entry of the audit log touches."""
    if (payload.get("status") or {}).get("code"):
        return  # a change that was refused or failed changed nothing
    service = str(payload.get("serviceName", "")).removesuffix(".googleapis.com")
    resource = str(payload.get("resourceName", "")).removeprefix("//").rstrip("/")
    parts = resource.split("/")
    found = [
        (types, "/".join(parts[: index + 2]))
        for index, collection in enumerate(parts[:-1])
        if (types := _by_collection().get((_SERVICES.get(service, service), collection)))
    ]
    if not found:
        vague.add(OTHER)
    for types, path in found[-1:]:
        for name in types:
            _touch(name, path, touched, vague)


def _touch(name: str, path: str, touched: dict[str, set[str]], vague: set[str]) -> None:
    if path:
        touched.setdefault(name, set()).update(
            (path.rpartition("/")[2], path, path.removeprefix("projects/_/buckets/"))
        )
    else:
        vague.add(name)
    vague.update(_IMPLIED.get(name, ()))


def _changes(touched: Mapping[str, set[str]], vague: set[str]) -> Changes:
    known = {(GLOBAL, name): frozenset(names) for name, names in touched.items()}
    return Changes(touched=known | {(GLOBAL, name): frozenset[str]() for name in vague})


@cache
def _by_collection() -> dict[tuple[str, str], tuple[str, ...]]:
    """From an API and the word for many in its paths (`compute`, `instances`) to the types that are listed there."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for declared in _declared():
        collection = _COLLECTION.search(declared.listing.operation)
        if collection is not None:
            key = (declared.service, _COLLECTIONS.get(collection[1], collection[1]))
            found[key] = (*found.get(key, ()), declared.name)
    # A node pool is listed with its cluster.
    return found | {
        ("container", "nodePools"): ("gcp_kubernetes_node_pool",),
        ("container", "clusters"): ("gcp_kubernetes_cluster",),
    }


@cache
def _by_asset_type() -> dict[str, ResourceType]:
    return {name: declared for declared in _declared() for name in asset_types(declared)}


def _declared() -> Iterable[ResourceType]:
    return [declared for declared in resource_types().values() if declared.provider == "gcp"]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_of(given: str, wanted: str) -> bool:
    """Whether an inventory is of the moment that was asked for, to a minute."""
    try:
        apart = datetime.fromisoformat(given) - datetime.fromisoformat(wanted)
    except ValueError:
        return False
    return abs(apart.total_seconds()) <= 60


def is_unreadable(cause: Exception) -> bool:
    """Whether a record of changes is off or not for us, so that another one may tell."""
    return isinstance(cause, ApiError) and (cause.off or cause.denied or cause.status in (400, 404))
