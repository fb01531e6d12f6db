"""Resource groups, what lies in them, tags, and the plain list of resources."""

from __future__ import annotations

import re

from escher.demo.clouds.azure.address import Address, address
from escher.demo.clouds.azure.arm_types import GROUP
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json
from escher.demo.clouds.azure.paging import paged
from escher.demo.clouds.azure.resources import merged
from escher.demo.clouds.azure.shape import well_formed
from escher.demo.clouds.azure.state import Record

_SHOWN = (
    "id",
    "name",
    "type",
    "location",
    "tags",
    "kind",
    "sku",
    "managedBy",
    "identity",
    "plan",
    "zones",
    "extendedLocation",
)
_ACTION = "Microsoft.Resources/subscriptions/resourceGroups"
_CLAUSE = re.compile(r"(\w+)\s+(eq|ne)\s+'([^']*)'|substringof\('([^']*)',\s*(\w+)\)", re.IGNORECASE)


def list_groups(cloud: Cloud, call: Call) -> Answer:
    """The resource groups of a subscription."""
    where = _where(cloud, call, "read")
    groups = [one.body for one in cloud.state.under(where.scope) if one.is_group and _wanted(one, call)]
    return paged(call, groups, cloud.page_size)


def group(cloud: Cloud, call: Call) -> Answer:
    """One resource group: GET, HEAD, PUT, PATCH, DELETE."""
    where = address(call.path)
    verb = {"DELETE": "delete", "GET": "read", "HEAD": "read"}.get(call.method, "write")
    if call.method == "PUT":
        return _put(cloud, call, where)
    if call.method == "HEAD":
        cloud.demand(f"{_ACTION}/read", where.scope)
        return Answer(204 if cloud.state.get(where.scope) else 404)
    where = _where(cloud, call, verb)
    record = cloud.state.records[where.scope.lower()]
    if call.method == "DELETE":
        return _delete(cloud, call, where, record)
    if call.method == "PATCH":
        tags = well_formed(call.given).get("tags")
        with cloud.state.write("PATCH", f"{_ACTION}/write", record.id):
            record.body = merged(record.body, {}, tags)
    return Answer(200, record.body)


def _put(cloud: Cloud, call: Call, where: Address) -> Answer:
    cloud.demand(f"{_ACTION}/write", where.scope)
    cloud.check_scope(Address(where.subscription))
    old, given = cloud.state.get(where.scope), well_formed(call.given)
    if not given.get("location"):
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    if old is not None and old.body["location"] != given["location"]:
        raise ArmError(
            409,
            "InvalidResourceGroupLocation",
            f"Invalid resource group location '{given['location']}'. The Resource group already exists in location "
            f"'{old.body['location']}'.",
        )
    with cloud.state.write("PUT", f"{_ACTION}/write", where.scope):
        record = cloud.state.add(
            {
                "id": where.scope,
                "name": where.group,
                "type": GROUP,
                "location": given["location"],
                "tags": given.get("tags") or {},
                "properties": {"provisioningState": "Succeeded"},
            }
        )
    return Answer(201 if old is None else 200, record.body)


def _delete(cloud: Cloud, call: Call, where: Address, record: Record) -> Answer:
    record.body["properties"]["provisioningState"] = "Deleting"

    def finish() -> None:
        with cloud.state.write("DELETE", f"{_ACTION}/delete", record.id):
            cloud.state.remove(record.id)

    headers = cloud.operations.begin(call, f"/subscriptions/{where.subscription}", record.id, finish)
    del headers["Azure-AsyncOperation"]
    return Answer(202, None, headers)


def list_resources(cloud: Cloud, call: Call) -> Answer:
    """All tracked resources of a subscription or a group, without their properties."""
    where = _where(cloud, call, "read", "Microsoft.Resources/subscriptions/resources")
    found = [one for one in cloud.state.under(where.scope) if one.tracked and _wanted(one, call)]
    return paged(call, [_brief(one, call) for one in found], cloud.page_size)


def resource_tags(cloud: Cloud, call: Call) -> Answer:
    """The tags of a subscription's resource or group: `{scope}/providers/Microsoft.Resources/tags/default`."""
    scope = re.split(r"/providers/Microsoft\.Resources/tags/", call.path, flags=re.IGNORECASE)[0]
    verb = {"GET": "read", "DELETE": "delete"}.get(call.method, "write")
    cloud.demand(f"Microsoft.Resources/tags/{verb}", scope)
    where = address(scope)
    record = cloud.record(where) if where.pairs else cloud.state.get(scope)
    if record is None:
        cloud.check_scope(where)
        raise ArmError(404, "ResourceNotFound", f"The resource '{scope}' was not found.")
    if call.method != "GET":
        tags = _new_tags(record.body.get("tags") or {}, call)
        with cloud.state.write(call.method, f"Microsoft.Resources/tags/{verb}", record.id):
            record.body["tags"] = tags
    body: Json = {
        "id": f"{record.id}/providers/Microsoft.Resources/tags/default",
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": record.body.get("tags") or {}},
    }
    return Answer(200, body)


def _new_tags(old: dict[str, str], call: Call) -> dict[str, str]:
    if call.method == "DELETE":
        return {}
    given: dict[str, str] = well_formed(well_formed(call.given).get("properties", {})).get("tags", {})
    operation = "Replace" if call.method == "PUT" else call.given.get("operation", "Merge")
    if operation == "Replace":
        return given
    if operation == "Merge":
        return old | given
    if operation == "Delete":
        return {name: value for name, value in old.items() if given.get(name) not in (value, "")}
    raise ArmError(400, "InvalidTagsOperation", f"The tags operation '{operation}' is not supported.")


def _where(cloud: Cloud, call: Call, verb: str, action: str = _ACTION) -> Address:
    where = address(call.path)
    cloud.check_scope(where)
    cloud.demand(f"{action}/{verb}", where.scope)
    return where


def _brief(record: Record, call: Call) -> Json:
    body = {word: record.body[word] for word in _SHOWN if record.body.get(word) is not None}
    expanded = call.query.get("$expand", "").lower()
    if "createdtime" in expanded:
        body["createdTime"] = record.created
    if "changedtime" in expanded:
        body["changedTime"] = record.changed
    if "provisioningstate" in expanded:
        body["provisioningState"] = record.body["properties"].get("provisioningState", "Succeeded")
    return body


def _wanted(record: Record, call: Call) -> bool:
    """Whether a record meets the call's `$filter`: its `and`s of comparisons, and `or`s of those."""
    given = call.query.get("$filter", "")
    if not given:
        return True
    return any(_meets(record, clause) for clause in re.split(r"\s+or\s+", given, flags=re.IGNORECASE))


def _meets(record: Record, clauses: str) -> bool:
    facts = {
        "resourcetype": record.body["type"],
        "name": record.body["name"],
        "location": record.body.get("location", ""),
        "resourcegroup": address(record.id).group,
    }
    tags = {name.lower(): value for name, value in (record.body.get("tags") or {}).items()}
    tag = ""
    for word, operator, value, part, part_of in _CLAUSE.findall(clauses):
        if part_of:
            met = part.lower() in facts.get(part_of.lower(), "").lower()
        elif word.lower() == "tagname":
            tag, met = value.lower(), value.lower() in tags
        elif word.lower() == "tagvalue":
            met = tags.get(tag) == value
        else:
            met = (facts.get(word.lower(), "").lower() == value.lower()) == (operator.lower() == "eq")
        if not met:
            return False
    return True
