"""Resource Graph: its tables over the state, and its call."""

from __future__ import annotations

from typing import Any

from escher.demo.clouds.azure.access import assignments, effective, role_assignment
from escher.demo.clouds.azure.address import address
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json
from escher.demo.clouds.azure.identity import subscription_body
from escher.demo.clouds.azure.kql import KqlError, Table, run
from escher.demo.clouds.azure.paging import offset, token
from escher.demo.clouds.azure.state import Change, Record, State, whole
from escher.demo.clouds.azure.subscriptions import CALLER, SUBSCRIPTIONS, TENANT_ID, guid

COLUMNS = (
    "id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku", "plan",
    "properties", "tags", "identity", "zones", "extendedLocation",
)  # fmt: skip
_CHANGE_COLUMNS = ("id", "name", "type", "tenantId", "resourceGroup", "subscriptionId", "properties")
MOST = 1000


def query(cloud: Cloud, call: Call) -> Answer:
    """Answer a query: the rows of the asked page, and a token while there are more. Raises ArmError."""
    given = call.given
    options: Json = given.get("options") or {}
    text = given.get("query")
    if not isinstance(text, str) or not text.strip():
        raise _bad_query("Query cannot be empty.")
    try:
        found = run(text, tables(cloud.state, _scope(cloud, given)))
    except KqlError as cause:
        raise _bad_query(str(cause)) from cause
    return Answer(200, _page(found, options))


def _page(found: Table, options: Json) -> Json:
    start = offset(options.get("$skipToken") or "") or _whole(options, "$skip", 0)
    limit = min(MOST, _whole(options, "$top", MOST))
    rows = found.rows[start : start + limit]
    more = start + limit < len(found.rows)
    body: Json = {
        "totalRecords": len(found.rows),
        "count": len(rows),
        "facets": [],
        "data": rows if options.get("resultFormat") != "table" else _as_table(found, rows),
        "resultTruncated": "true" if more and "id" not in found.columns else "false",
    }
    if more and "id" in found.columns:
        body["$skipToken"] = token(start + limit)
    return body


def _whole(options: Json, name: str, otherwise: int) -> int:
    value = options.get(name) or otherwise
    if not isinstance(value, int) or value < 0:
        raise ArmError(400, "BadRequest", f"The value '{value}' of {name} must be a number that is not negative.")
    return value


def _as_table(found: Table, rows: list[Json]) -> Json:
    columns = [
        {"name": name, "type": "object" if name in ("properties", "tags", "sku") else "string"}
        for name in found.columns
    ]
    return {"columns": columns, "rows": [[row.get(name) for name in found.columns] for row in rows]}


def _scope(cloud: Cloud, given: Json) -> list[str]:
    """The subscriptions that the query is about: those named, else all. Raises ArmError, 403, when none is readable."""
    named = [str(one).lower() for one in given.get("subscriptions") or ()]
    found = [one for one in SUBSCRIPTIONS.values() if not named or one in named]
    readable = [one for one in found if effective(cloud.state, f"/subscriptions/{one}")]
    if not readable:
        raise ArmError(403, "AccessDenied", "Access is denied to the requested resources. The user might not have enough permission.")  # fmt: skip
    return readable


def tables(state: State, subscriptions: list[str]) -> dict[str, Table]:
    """The tables of these subscriptions, by name in lower case."""
    mine = [one for name in subscriptions for one in state.under(f"/subscriptions/{name}")]
    changes = [one for one in state.changes if one.key.split("/")[2] in subscriptions]
    groups = [_row(one, "microsoft.resources/subscriptions/resourcegroups") for one in mine if one.is_group]
    roots = [_subscription(name) for name, one in SUBSCRIPTIONS.items() if one in subscriptions]
    roles = [role_assignment(one) for one in assignments(state) if one.scope.split("/")[2] in subscriptions]
    return {
        "resources": Table(COLUMNS, [_row(one) for one in mine if one.tracked]),
        "resourcecontainers": Table(COLUMNS, [*roots, *groups]),
        "resourcechanges": Table(_CHANGE_COLUMNS, [_change(one) for one in changes if "/providers/" in one.key]),
        "resourcecontainerchanges": Table(_CHANGE_COLUMNS, [_change(one) for one in changes if "/providers/" not in one.key]),
        "authorizationresources": Table(COLUMNS, [_bare(one) for one in roles]),
    }  # fmt: skip


def _row(record: Record, kind: str = "") -> Json:
    body, where = whole(record), address(record.id)
    return _bare(
        body
        | {
            "type": kind or record.type,
            "resourceGroup": where.group.lower(),
            "subscriptionId": where.subscription,
        }
    )


def _bare(body: Json) -> Json:
    row: Json = {name: body.get(name) for name in COLUMNS}
    for word in ("kind", "managedBy", "location", "resourceGroup"):
        row[word] = row[word] or ""
    row["type"] = str(row["type"]).lower()
    row["tenantId"] = TENANT_ID
    row["subscriptionId"] = row["subscriptionId"] or body["id"].split("/")[2]
    return row


def _subscription(name: str) -> Json:
    body = subscription_body(name)
    properties = {"state": "Enabled", "subscriptionPolicies": body["subscriptionPolicies"], "managedByTenants": []}
    return _bare(
        body | {"name": name, "type": "microsoft.resources/subscriptions", "properties": properties, "tags": {}}
    )


def _change(one: Change) -> Json:
    where, known = address(one.key), one.after or one.before or {}
    name = guid("change", one.correlation, one.key)
    kind = "Create" if one.before is None else "Delete" if one.after is None else "Update"
    differences = _differences(one.before or {}, one.after or {}) if kind == "Update" else {}
    return {
        "id": f"{known.get('id', one.key)}/providers/Microsoft.Resources/changes/{name}",
        "name": name,
        "type": "microsoft.resources/changes",
        "tenantId": TENANT_ID,
        "resourceGroup": where.group,
        "subscriptionId": where.subscription,
        "properties": {
            "targetResourceId": known.get("id", one.key),
            "targetResourceType": str(known.get("type", "")).lower(),
            "changeType": kind,
            "changeAttributes": {
                "timestamp": one.at,
                "correlationId": one.correlation,
                "changedBy": CALLER,
                "changedByType": "User",
                "clientType": "Unspecified",
                "operation": one.operation,
                "changesCount": len(differences),
            },
            "changes": differences,
        },
    }


def _differences(before: Json, after: Json) -> Json:
    old, new = dict(_flat(before)), dict(_flat(after))
    return {
        path: {
            "previousValue": old.get(path),
            "newValue": new.get(path),
            "changeCategory": "User",
            "propertyChangeType": "Insert" if path not in old else "Remove" if path not in new else "Update",
        }
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    }


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for word, one in value.items() for pair in _flat(one, f"{path}.{word}" if path else word)]
    if isinstance(value, list):
        return [pair for place, one in enumerate(value) for pair in _flat(one, f"{path}[{place}]")]
    return [(path, value)]


def _bad_query(message: str) -> ArmError:
    note = "Please provide below info when asking for support: the timestamp and the correlationId."
    return ArmError(400, "BadRequest", note, ({"code": "InvalidQuery", "message": message},))
