"""Reading and writing resources of any type: list, get, PUT, PATCH, DELETE and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from escher.demo.clouds.azure import actions, made
from escher.demo.clouds.azure.address import Address, address
from escher.demo.clouds.azure.arm_types import EMBEDDED, arm_type
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json
from escher.demo.clouds.azure.in_use import refuse_if_used
from escher.demo.clouds.azure.links import embedded
from escher.demo.clouds.azure.paging import paged
from escher.demo.clouds.azure.shape import well_formed
from escher.demo.clouds.azure.state import Record, copied
from escher.demo.clouds.azure.views import instance_view, machines, shown

_KEPT = ("id", "name", "type")


def generic(cloud: Cloud, call: Call) -> Answer:
    """Answer a call on `…/providers/NAMESPACE/…`, whatever the type."""
    where = address(call.path)
    handler = _HANDLERS.get((call.method, bool(where.tail)))
    if handler is None:
        raise ArmError(405, "MethodNotAllowed", f"The method {call.method} is not allowed on '{call.path}'.")
    cloud.check_scope(where)
    return handler(cloud, call, where)


def _list(cloud: Cloud, call: Call, where: Address) -> Answer:
    """List a type under a subscription, a group or a parent; or a view that has the place of a type."""
    cloud.demand(f"{where.listed}/read", where.id if where.pairs else where.scope)
    if where.pairs:
        return _list_under(cloud, call, where)
    kind = where.listed.lower()
    found = [shown(one, call) for one in cloud.state.under(where.scope) if one.type == kind]
    return paged(call, found, cloud.page_size)


def _list_under(cloud: Cloud, call: Call, where: Address) -> Answer:
    record = cloud.state.get(where.id)
    if record is not None and where.tail.lower() == "instanceview":
        return Answer(200, instance_view(record))
    if record is not None and record.type.endswith("scalesets") and where.tail.lower() == "virtualmachines":
        return paged(call, machines(record), cloud.page_size)
    parent, kind = cloud.body(where), where.listed.lower()
    inside = [one for one in embedded(parent) if one["id"].lower().startswith(f"{where.id}/{where.tail}/".lower())]
    stored = [one.body for one in cloud.state.under(where.id) if one.type == kind]
    return paged(call, [*inside, *stored], cloud.page_size)


def _get(cloud: Cloud, call: Call, where: Address) -> Answer:
    cloud.demand(f"{where.type}/read", where.id)
    record = cloud.state.get(where.id)
    return Answer(200, shown(record, call) if record else cloud.body(where))


def _head(cloud: Cloud, call: Call, where: Address) -> Answer:
    cloud.demand(f"{where.type}/read", where.id)
    cloud.body(where)
    return Answer(204)


def _put(cloud: Cloud, call: Call, where: Address) -> Answer:
    cloud.demand(f"{where.type}/write", where.id)
    cloud.operations.settle(where.id)
    if where.parent is not None:
        parent = cloud.body(where.parent)
        if where.pairs[-1][0].lower() in {one.lower() for one in EMBEDDED.get(where.parent.type.lower(), ())}:
            return _put_inside(cloud, call, where, parent)
    old = cloud.state.get(where.id)
    given = well_formed(call.given)
    body = merged(old.body if old else {}, given, tags=given.get("tags") or {})
    body |= {"id": old.id if old else where.id, "name": where.name, "type": where.type}
    _check_location(old, body)
    made.checked(cloud.state, body)
    return _store(cloud, call, where, body, new=old is None)


def _store(cloud: Cloud, call: Call, where: Address, body: Json, *, new: bool) -> Answer:
    kind = arm_type(where.type)
    power = "creating" if new and where.type.lower() == "microsoft.compute/virtualmachines" else ""
    with cloud.state.write("PUT", f"{where.type}/write", body["id"]):
        made.complete(cloud.state, body)
        body["properties"]["provisioningState"] = "Succeeded"
        record = cloud.state.add(body, power)
        if kind.put == "now":
            record.power = "running" if power else record.power
    if kind.put == "now":
        return Answer(kind.created if new else 200, record.body)
    return _later(
        cloud,
        call,
        where,
        record,
        status=kind.created if new else 200,
        meanwhile="Creating" if new else "Updating",
    )


def _later(cloud: Cloud, call: Call, where: Address, record: Record, *, status: int, meanwhile: str) -> Answer:
    """Answer with the resource on its way; its operation ends with it ready."""
    record.body["properties"]["provisioningState"] = meanwhile

    def finish() -> Json:
        with cloud.state.write("PUT", f"{where.type}/write", record.id):
            record.body["properties"]["provisioningState"] = "Succeeded"
            record.power = "running" if record.power == "creating" else record.power
        return record.body

    headers = cloud.operations.begin(call, _place(where, record.body), record.id, finish)
    return Answer(status, copied(record.body), headers)


def _put_inside(cloud: Cloud, call: Call, where: Address, parent: Json) -> Answer:
    kind, name = where.type.rsplit("/", 1)[-1], where.name
    listed = parent["properties"].setdefault(kind, [])
    at = next((place for place, one in enumerate(listed) if one["name"].lower() == name.lower()), len(listed))
    body = merged(listed[at] if at < len(listed) else {}, well_formed(call.given))
    body |= {"id": where.id, "name": name, "type": where.type}
    made.checked(cloud.state, body)
    status = 200 if at < len(listed) else 201
    with cloud.state.write("PUT", f"{where.type}/write", where.id):
        body.setdefault("properties", {})["provisioningState"] = "Succeeded"
        listed[at : at + 1] = [body]
    headers = cloud.operations.begin(call, _place(where, parent), where.id, lambda: body)
    return Answer(status, body, headers)


def _patch(cloud: Cloud, call: Call, where: Address) -> Answer:
    cloud.demand(f"{where.type}/write", where.id)
    cloud.operations.settle(where.id)
    record, given = cloud.record(where), well_formed(call.given)
    body = merged(record.body, given, tags=given.get("tags"))
    body |= {word: record.body[word] for word in _KEPT}
    made.checked(cloud.state, body)
    with cloud.state.write("PATCH", f"{where.type}/write", record.id):
        record.body = body
    if set(given) <= {"tags"} or arm_type(where.type).put == "now" or record.type.startswith("microsoft.storage/"):
        return Answer(200, record.body)
    return _later(cloud, call, where, record, status=200, meanwhile="Updating")


def _delete(cloud: Cloud, call: Call, where: Address) -> Answer:
    cloud.demand(f"{where.type}/delete", where.id)
    cloud.operations.settle(where.id)
    try:
        body = cloud.body(where)
    except ArmError as error:
        if error.code == "ResourceNotFound":
            return Answer(204)
        raise
    refuse_if_used(body)
    kind, record = arm_type(where.type), cloud.state.get(where.id)

    def finish() -> None:
        with cloud.state.write("DELETE", f"{where.type}/delete", body["id"]):
            _take_away(cloud, where, record)

    if record is not None and kind.delete == "now":
        finish()
        return Answer(200)
    body.setdefault("properties", {})["provisioningState"] = "Deleting"
    return Answer(202, None, cloud.operations.begin(call, _place(where, body), where.id, finish))


def _take_away(cloud: Cloud, where: Address, record: Record | None) -> None:
    if record is not None:
        for one in _deleted_with(record):
            cloud.state.remove(one)
        cloud.state.remove(record.id)
        return
    parent = cloud.body(where.parent) if where.parent else {"properties": {}}
    for values in parent["properties"].values():
        if isinstance(values, list):
            values[:] = [one for one in values if not (isinstance(one, dict) and one.get("id", "").lower() == where.id.lower())]  # fmt: skip


def _deleted_with(record: Record) -> list[str]:
    """The disks and interfaces of a machine that go with it."""
    properties = record.body.get("properties", {})
    storage = properties.get("storageProfile", {})
    disks = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())]
    cards = (properties.get("networkProfile") or {}).get("networkInterfaces") or ()
    gone = [one.get("managedDisk", {}).get("id", "") for one in disks if one.get("deleteOption") == "Delete"]
    return gone + [one["id"] for one in cards if (one.get("properties") or {}).get("deleteOption") == "Delete"]


def _act(cloud: Cloud, call: Call, where: Address) -> Answer:
    """Do an action: POST on `…/NAME/ACTION`."""
    cloud.demand(f"{where.type}/{where.tail}/action", where.id)
    cloud.operations.settle(where.id)
    record = cloud.record(where)
    action = actions.action_on(record, where.tail)

    def finish() -> None:
        with cloud.state.write("POST", f"{where.type}/{where.tail}/action", record.id):
            actions.complete(record, action)

    if action.now:
        finish()
        return Answer(200)
    actions.begin(record, action)
    return Answer(202, None, cloud.operations.begin(call, _place(where, record.body), record.id, finish))


def _place(where: Address, body: Json) -> str:
    location = body.get("location", "global")
    return f"/subscriptions/{where.subscription}/providers/{where.type.partition('/')[0]}/locations/{location}"


def _check_location(old: Record | None, body: Json) -> None:
    tracked = arm_type(body["type"]).tracked
    if tracked and not body.get("location"):
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    if tracked and old is not None and old.body.get("location") != body["location"]:
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{body['name']}' already exists in location '{old.body.get('location')}' in resource group "
            f"'{address(old.id).group}'. A resource with the same name cannot be created in location "
            f"'{body['location']}'. Please select a new resource name.",
        )


def merged(old: Any, new: Json, tags: Any = None) -> Json:
    """An object over another, inside out; None takes a value away; tags that are given stand alone."""
    result = copied(old) if isinstance(old, dict) else {}
    for word, value in new.items():
        if isinstance(value, dict):
            result[word] = merged(result.get(word), value)
        elif value is None:
            result.pop(word, None)
        else:
            result[word] = copied(value) if isinstance(value, list) else value
    if tags is not None:
        result["tags"] = dict(tags)
    return result


_HANDLERS: dict[tuple[str, bool], Callable[[Cloud, Call, Address], Answer]] = {
    ("GET", True): _list,
    ("GET", False): _get,
    ("HEAD", False): _head,
    ("PUT", False): _put,
    ("PATCH", False): _patch,
    ("DELETE", False): _delete,
    ("POST", True): _act,
}
