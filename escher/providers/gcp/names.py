"""From Google's answers to records: links become full resource names, and each record knows its name and its place. Pure.

A record is the API's own object, with what its API says of it only in passing under keys that begin with `_`: `_name`, the full
resource name as Cloud Asset Inventory has it; `_path`, the same without its host, which gcloud takes as it is; `_short`,
its last part; `_parent`, the full name of what it is in; `_place`, its zone, region or location; `_zone`, when that is a
zone; `_number`, its project's number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from escher.providers.declarations import ResourceType
from escher.providers.mapping import text

_LINK = re.compile(
    r"https://(?:(?P<host>compute|container)\.googleapis\.com/|www\.googleapis\.com/(?P<old>compute)/)"
    r"(?:compute/)?(?:v\d\w*|beta|alpha)/(?P<path>projects/.+)"
)
_KEY = re.compile(r"(projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)(?:/cryptoKeyVersions/.+)?$")
_COMPUTE = re.compile(
    r"projects/([^/]+)/((?:global|zones/[^/]+|regions/[^/]+)/(?:networks|subnetworks|addresses|images|snapshots|disks|"
    r"instances|instanceTemplates|instanceGroups|instanceGroupManagers|resourcePolicies)/[^/]+)"
)
_PLACE = re.compile(r"/(?:zones|regions|locations)/([^/]+)")
_ZONE = re.compile(r"[a-z]+-[a-z]+\d+-[a-z]")
_ZONAL = re.compile(r"/locations/([a-z]+-[a-z]+\d+-[a-z])/")
_SPANNER = re.compile(r"/instanceConfigs/regional-([a-z0-9-]+)$")


@dataclass(frozen=True, slots=True)
class Project:
    """A project by both its names; `number` is empty where it could not be learned."""

    project_id: str
    number: str = ""


def record_of(data: Mapping[str, Any], declared: ResourceType, project: Project, name: str = "") -> dict[str, Any]:
    """The record of a thing of a declared type. `name` is its full resource name; without it, the type tells."""
    record = {key: value if key == "name" else tidy(value, project) for key, value in data.items()}
    record["_number"] = project.number or project.project_id
    record["_project"] = project.project_id
    record["_short"] = str(data.get("name", "")).rpartition("/")[2]
    return record | placed(name or _own_name(record, declared), record)


def _own_name(record: Mapping[str, Any], declared: ResourceType) -> str:
    try:
        return text(record, declared.resource_id)
    except ValueError:
        # A part of the name is missing: this one record cannot be read, which whoever looks at it will find out.
        return ""


def placed(name: str, record: Mapping[str, Any]) -> dict[str, str]:
    """What a full resource name says of a thing, and what its own fields do of its place."""
    place = place_of(name, record)
    path = name.removeprefix("//").partition("/")[2]
    return {
        "_name": name,
        "_path": path,
        "_short": path.rpartition("/")[2],
        "_parent": name.rsplit("/", 2)[0],
        "_place": place,
        "_zone": place if _ZONE.fullmatch(place) else "",
    }


def place_of(name: str, record: Mapping[str, Any]) -> str:
    """The zone, region or location of a thing as Google writes it; `global` for none."""
    if found := _PLACE.search(name):
        return found[1]
    for key in ("zone", "region", "location", "locationId"):
        value = record.get(key)
        if isinstance(value, str) and value:
            return value.rpartition("/")[2]
    config = record.get("config")
    if isinstance(config, str) and (found := _SPANNER.search(config)):
        return found[1]
    return "global"


def tidy(value: Any, project: Project) -> Any:
    """A value whose links are full resource names; whole numbers are integers, as Cloud Asset may write them as floats."""
    if isinstance(value, str):
        return full_name(value, project) if "/" in value else value
    if isinstance(value, dict):
        return {key: tidy(one, project) for key, one in value.items()}
    if isinstance(value, list):
        return [tidy(one, project) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def full_name(link: str, project: Project) -> str:
    """A link to a thing, or a key's name, as its full resource name; any other string as it is."""
    if link.startswith("https://") and (found := _LINK.fullmatch(link)):
        # Kubernetes Engine calls a zone a location in some links and a zone in its full names.
        path = _ZONAL.sub(r"/zones/\1/", found["path"])
        return f"//{found['host'] or found['old']}.googleapis.com/{path}"
    if not link.startswith("projects/"):
        return link
    if found := _KEY.fullmatch(link):
        return f"//cloudkms.googleapis.com/{found[1]}"
    if found := _COMPUTE.fullmatch(link):
        owner = project.project_id if found[1] == project.number else found[1]
        return f"//compute.googleapis.com/projects/{owner}/{found[2]}"
    return link
