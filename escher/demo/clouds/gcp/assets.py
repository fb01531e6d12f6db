"""Cloud Asset Inventory: the same resources once more, now and as they were, in one list."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from escher.demo.clouds.gcp.asset_types import AssetType
from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.errors import permission_denied
from escher.demo.clouds.gcp.filters import matching
from escher.demo.clouds.gcp.pages import page_of
from escher.demo.clouds.gcp.projects import ORGANIZATION, policy_of
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Edition, Json, Resource, stamp

KEPT_DAYS = 35
_DOCUMENTS = "https://www.googleapis.com/discovery/v1/apis/"


@serves("cloudasset.assets.list")
def list_assets(call: Call) -> Json:
    """The assets of a project as they were at `readTime`, by name; their data only if `contentType` says so."""
    moment = _moment(call, call.option("readTime")) or call.now
    shown = [
        (found, edition)
        for found in _assets(call, call.query.get("assetTypes", []))
        if (edition := found.at(moment)) and edition.data is not None
    ]
    shown.sort(key=lambda pair: _name(call, *pair))
    page, token = page_of(call, shown, lambda pair: _name(call, *pair))
    content = _content(call)
    answer: Json = {"readTime": stamp(moment), "assets": [_asset(call, *pair, content) for pair in page]}
    return answer | ({"nextPageToken": token} if token else {})


@serves("cloudasset.searchAllResources")
def search(call: Call) -> Json:
    """What fits the query, in the short form of a search."""
    _project_only(call)
    test = matching(call.option("query"))
    found = [
        _result(call, found) for found in _assets(call, call.query.get("assetTypes", [])) if found.data is not None
    ]
    fitting = sorted((result for result in found if test(result)), key=lambda result: result["name"])
    page, token = page_of(call, fitting, lambda result: result["name"])
    return {"results": page} | ({"nextPageToken": token} if token else {})


@serves("cloudasset.batchGetAssetsHistory")
def history(call: Call) -> Json:
    """The editions of up to 100 assets that overlap a window of time, oldest first."""
    names = call.query.get("assetNames", [])
    if len(names) > 100:
        raise invalid("At most 100 asset names are allowed.")
    start = _moment(call, call.option("readTimeWindow.startTime"))
    end = _moment(call, call.option("readTimeWindow.endTime")) or call.now
    if start is None:
        raise invalid("read_time_window.start_time is required.", "required")
    named = {call.state.named(found, _last(found)): found for found in _assets(call, [])}
    content = _content(call)
    windows = [
        window for name in names if (found := named.get(name)) for window in _windows(call, found, start, end, content)
    ]
    return {"assets": windows} if windows else {}


def _windows(call: Call, found: Resource, start: datetime, end: datetime, content: str) -> list[Json]:
    """An edition ends where the next begins; an edition without data is a deletion."""
    windows: list[Json] = []
    follow = [*(edition.since for edition in found.editions[1:]), None]
    for place, (edition, until) in enumerate(zip(found.editions, follow, strict=True)):
        if edition.since > end or (until is not None and until <= start):
            continue
        window: Json = {"startTime": stamp(edition.since)} | ({"endTime": stamp(until)} if until else {})
        known = edition if edition.data is not None else Edition(edition.since, _last(found, place))
        deleted = {"deleted": True} if edition.data is None else {}
        windows.append({"window": window, "asset": _asset(call, found, known, content)} | deleted)
    return windows


def _assets(call: Call, types: list[str]) -> list[Resource]:
    """The assets of the call's project; types may be regular expressions."""
    patterns = [re.compile(text.replace(".*", "\0").replace(".", r"\.").replace("\0", ".*")) for text in types]
    return [
        found
        for found in call.state.all(_project_only(call))
        if found.asset_type and (not patterns or any(pattern.fullmatch(found.asset_type.name) for pattern in patterns))
    ]


def _project_only(call: Call) -> str:
    """The demo's account sees two projects and nothing above them."""
    if not call.project:
        raise permission_denied("cloudasset", call.method.id, call.path)
    return call.project


def _moment(call: Call, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise invalid(f"Invalid value '{text}'. Field violation: Illegal timestamp format.") from None
    if moment > call.now + timedelta(minutes=1) or moment < call.now - timedelta(days=KEPT_DAYS):
        raise invalid(f"The time must be between {KEPT_DAYS} days ago and now, but is {text}.")
    return moment


def _last(found: Resource, before: int | None = None) -> Json:
    """The last data that a resource had."""
    return next((edition.data for edition in reversed(found.editions[:before]) if edition.data is not None), {})


def _name(call: Call, found: Resource, edition: Edition) -> str:
    return call.state.named(found, edition.data or {})


def _content(call: Call) -> str:
    """What is wanted of each asset; some clients say it by its number."""
    said = call.option("contentType")
    return {"1": "RESOURCE", "2": "IAM_POLICY"}.get(said, said)


def _asset(call: Call, found: Resource, edition: Edition, content: str) -> Json:
    data, kind = edition.data or {}, found.asset_type
    assert kind is not None
    number = call.state.number(found.project)
    asset: Json = {
        "name": call.state.named(found, data),
        "assetType": kind.name,
        "ancestors": [f"projects/{number}", f"organizations/{ORGANIZATION}"],
        "updateTime": stamp(edition.since),
    }
    if content == "RESOURCE":
        asset["resource"] = {
            "version": kind.version,
            "discoveryDocumentUri": f"{_DOCUMENTS}{kind.api}/{kind.version}/rest",
            "discoveryName": kind.schema,
            "parent": _parent(call, found),
            "data": data,
            "location": location_of(found.path, data),
        }
    if content == "IAM_POLICY" and kind.name == "cloudresourcemanager.googleapis.com/Project":
        asset["iamPolicy"] = policy_of(call.state.projects[found.project], call.cloud.access.email)
    return asset


def _parent(call: Call, found: Resource) -> str:
    kind = found.asset_type
    if kind and kind.name == "cloudresourcemanager.googleapis.com/Project":
        return f"//cloudresourcemanager.googleapis.com/organizations/{ORGANIZATION}"
    owner = call.state.find(found.api, "/".join(found.path.split("/")[:-2]))
    if owner and owner.asset_type and owner.data and owner.path != f"projects/{found.project}":
        return call.state.named(owner, owner.data)
    return f"//cloudresourcemanager.googleapis.com/projects/{call.state.number(found.project)}"


def location_of(path: str, data: Json) -> str:
    """Where an asset is, as Cloud Asset says it: a zone, a region, a multi-region or `global`."""
    parts = path.split("/")
    if len(parts) > 3 and parts[2] in ("zones", "regions", "locations"):
        return parts[3]
    for name in ("location", "locationId", "region"):
        if data.get(name):
            return str(data[name]).rpartition("/")[2].lower()
    return str(data.get("config", "")).removeprefix(f"projects/{parts[1]}/instanceConfigs/regional-") or "global"


def _result(call: Call, found: Resource) -> Json:
    data: Json = found.data or {}
    kind: AssetType | None = found.asset_type
    assert kind is not None
    number = call.state.number(found.project)
    result: dict[str, Any] = {
        "name": call.state.named(found, data),
        "assetType": kind.name,
        "project": f"projects/{number}",
        "organization": f"organizations/{ORGANIZATION}",
        "displayName": str(data.get("displayName") or data.get("name") or "").rpartition("/")[2],
        "location": location_of(found.path, data),
        "createTime": stamp(found.editions[0].since),
        "updateTime": stamp(found.editions[-1].since),
        "parentFullResourceName": _parent(call, found),
        "parentAssetType": "cloudresourcemanager.googleapis.com/Project",
    }
    optional = {"labels": data.get("labels"), "state": data.get("status") or data.get("state")}
    tags = data.get("tags", {}).get("items") if isinstance(data.get("tags"), dict) else None
    return result | {name: value for name, value in (optional | {"networkTags": tags}).items() if value}
