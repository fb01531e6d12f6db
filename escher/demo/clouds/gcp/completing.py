"""What the clouds add to a resource that somebody makes: its kind, its id, its link, its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escher.demo.clouds.gcp.asset_types import type_at
from escher.demo.clouds.gcp.discovery import Document
from escher.demo.clouds.gcp.state import Json, State, digits, stamp

COMPUTE = "https://www.googleapis.com/compute/v1/"
LABELS_AT_FIRST = "42WmSpB8rSM="
# What the cloud chooses where the caller did not.
_CHOSEN: dict[str, Json] = {
    "disks": {"status": "READY", "sizeGb": "10", "physicalBlockSizeBytes": "4096"},
    "images": {"status": "READY", "diskSizeGb": "10"},
    "addresses": {
        "status": "RESERVED",
        "address": "203.0.113.250",
        "addressType": "EXTERNAL",
        "networkTier": "PREMIUM",
    },
    "firewalls": {"direction": "INGRESS", "priority": 1000, "disabled": False},
    "subnetworks": {"purpose": "PRIVATE", "stackType": "IPV4_ONLY"},
}


def completed(document: Document, path: str, given: Json, made: datetime, state: State) -> Json:
    """A resource as its API shows it: what was given, and what the cloud adds."""
    api = document.api
    adding = _ADDING.get(api, _younger)
    schema = (found.schema if (found := type_at(api, path)) else "") or _schema(document, path)
    kind = document.kind(schema)
    declared = document.properties(schema)
    added = {name: value for name, value in adding(path, given, made, state).items() if name in declared}
    return ({"kind": kind} if kind else {}) | added | given | _named(api, path, added)


def _schema(document: Document, path: str) -> str:
    prefix = {"compute": "compute/v1"}.get(document.api, document.version)
    method = document.route("GET", f"{prefix}/{path}")
    return method.response if method else ""


def _named(api: str, path: str, added: Json) -> Json:
    """The name is the cloud's, whatever was given."""
    return {"name": added["name"]} if "name" in added and api != "compute" else {}


def _compute(path: str, given: Json, made: datetime, state: State) -> Json:
    parts = path.split("/")
    added: Json = {
        "id": digits(path),
        "creationTimestamp": stamp(made),
        "name": parts[-1],
        "selfLink": COMPUTE + path,
    }
    for place, field in (("zones", "zone"), ("regions", "region")):
        if len(parts) > 4 and parts[2] == place:
            added[field] = COMPUTE + "/".join(parts[:4])
    if "labels" in given:
        added["labelFingerprint"] = LABELS_AT_FIRST if not given["labels"] else digits(path + "labels", 8) + "aQ8="
    chosen = _CHOSEN.get(parts[-2], {})
    return chosen | added | {"fingerprint": digits(path + "fingerprint", 9) + "w0="}


def _bucket(path: str, given: Json, made: datetime, state: State) -> Json:
    name = path.removeprefix("b/")
    return {
        "id": name,
        "name": name,
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
        "timeCreated": stamp(made),
        "updated": stamp(made),
        "metageneration": "1",
        "etag": "CAE=",
        "location": "US",
        "storageClass": "STANDARD",
    }


def _sql(path: str, given: Json, made: datetime, state: State) -> Json:
    _, project, _, name = path.split("/")[:4]
    return {
        "name": name,
        "project": project,
        "connectionName": f"{project}:{given.get('region', 'us-central1')}:{name}",
        "selfLink": f"https://sqladmin.googleapis.com/sql/v1beta4/{path}",
        "state": "RUNNABLE",
        "createTime": stamp(made),
        "etag": digits(path, 24),
        "backendType": "SECOND_GEN",
        "instanceType": "CLOUD_SQL_INSTANCE",
    }


def _dataset(path: str, given: Json, made: datetime, state: State) -> Json:
    _, project, _, name = path.split("/")[:4]
    at = str(int(made.timestamp() * 1000))
    link = f"https://bigquery.googleapis.com/bigquery/v2/{path}"
    return {
        "id": f"{project}:{name}",
        "datasetReference": {"datasetId": name, "projectId": project},
        "selfLink": link,
        "creationTime": at,
        "lastModifiedTime": at,
        "etag": digits(path, 22),
        "location": "US",
    }


def _zone(path: str, given: Json, made: datetime, state: State) -> Json:
    return {"id": digits(path), "name": path.rpartition("/")[2], "creationTime": stamp(made)}


def _project(path: str, given: Json, made: datetime, state: State) -> Json:
    return {"createTime": stamp(made)}


def _younger(path: str, given: Json, made: datetime, state: State) -> Json:
    parts = path.split("/")
    at = stamp(made)
    collection = parts[-2]
    if collection == "secrets":
        parts[1] = state.number(parts[1])
    short = collection in ("sinks", "metrics", "clusters", "nodePools") and "instances" not in parts
    return {
        "name": parts[-1] if short else "/".join(parts),
        "uid": digits(path, 20),
        "createTime": at,
        "updateTime": at,
        "etag": digits(path, 16),
    }


_ADDING: dict[str, Callable[[str, Json, datetime, State], dict[str, Any]]] = {
    "compute": _compute,
    "storage": _bucket,
    "sqladmin": _sql,
    "bigquery": _dataset,
    "dns": _zone,
    "cloudresourcemanager": _project,
}
