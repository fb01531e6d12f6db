"""Create, change and delete of every type, with the operation that its API wraps around it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.completing import completed
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.operations import COMPUTE, Effect
from escher.demo.clouds.gcp.state import Json, stamp

_OPERATIONS = frozenset({"Operation", "GoogleLongrunningOperation"})
# What a resource was made from is no use of it.
_NO_USE = ("source", "users", "target", "selfLink", "resourcePolicies", "region", "zone")


def begin(call: Call, verb: str, effect: Effect, path: str = "") -> Json:
    """The operation that a call begins on what it is about, in the form of the API."""
    operations, target = call.cloud.operations, path or call.path
    if call.api == "compute":
        data = (found.data if (found := call.state.find("compute", target)) else None) or {}
        return operations.begin_compute(verb, target, data.get("id", "0"), call.project, effect)
    if call.api == "sqladmin":
        return operations.begin_sql(verb.upper(), target, call.project, effect)
    if call.api == "container":
        return operations.begin_container(verb.upper(), target, call.project, effect)
    return operations.begin(call.api, target, call.project, effect)


def create(call: Call) -> Json:
    """Make a resource: named by the path, by a parameter or by the body. 409 if it exists."""
    path = _path_of_new(call)
    if call.state.find(call.api, path):
        raise ApiError(409, f"The resource '{path}' already exists", "alreadyExists")
    body = call.body
    if call.api == "container":
        body = next((inner for inner in body.values() if isinstance(inner, dict)), body)
    data = completed(call.document, path, body, call.now, call.state)

    def effect() -> Json:
        call.put(data, path)
        return data

    return _carried_out(call, "insert" if call.api == "compute" else "create", effect, path)


def change(call: Call) -> Json:
    """Merge the body into a resource; of the fields in `updateMask`, if there is one."""
    data = call.copy()
    _check_fingerprint(call.body, data)
    changed = touched(_masked(data, call.body, call.option("updateMask")), call)
    if "fingerprint" in data:
        changed["fingerprint"] = fingerprint((changed, stamp(call.now)))

    def effect() -> Json:
        call.put(changed)
        return changed

    return _carried_out(call, "patch" if call.api == "compute" else "update", effect, call.path)


def delete(call: Call) -> Json:
    """Remove a resource. 400 while another one of compute uses it."""
    call.resource()
    if call.api == "compute":
        for user in users_of(call, call.path):
            raise in_use(call, user)

    def effect() -> None:
        call.state.remove(call.api, call.path)

    return _carried_out(call, "delete", effect, call.path)


def _carried_out(call: Call, verb: str, effect: Effect, path: str) -> Json:
    if call.method.response in _OPERATIONS:
        return begin(call, verb, effect, path)
    result = effect()
    return result if call.method.response not in ("Empty", "GoogleProtobufEmpty", "") and result else {}


def _path_of_new(call: Call) -> str:
    if call.method.verb == "PUT":
        return call.path
    body = call.body
    named = [call.option(name) for name in call.method.parameters if name.endswith("Id") and call.option(name)]
    inner = next((item["name"] for item in body.values() if isinstance(item, dict) and "name" in item), "")
    reference = body.get("datasetReference", {}).get("datasetId", "")
    account = body.get("accountId", "")
    account = f"{account}@{call.project}.iam.gserviceaccount.com" if account else ""
    name = (named[0] if named else "") or str(body.get("name") or "") or reference or account or str(inner)
    if not name:
        raise invalid("Required field 'resource.name' not specified", "required")
    return f"{call.path}/{name.rpartition('/')[2]}"


def merged(data: Json, changes: Json) -> Json:
    """One object merged into another; null removes."""
    result = dict(data)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], value)
        else:
            result[name] = value
    return result


def _masked(data: Json, body: Json, mask: str) -> Json:
    if not mask or mask == "*":
        return merged(data, body)
    result = dict(data)
    for path in mask.split(","):
        result = _with(result, _camel(path).split("."), body)
    return result


def _with(data: Json, path: list[str], body: Any) -> Json:
    """The data with one field as the body has it, or without it."""
    name, *rest = path
    given = body.get(name) if isinstance(body, dict) else None
    if rest:
        return data | {name: _with(data.get(name) or {}, rest, given)}
    return {key: value for key, value in data.items() if key != name} | ({} if given is None else {name: given})


def _camel(text: str) -> str:
    first, *rest = text.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def fingerprint(value: Any) -> str:
    """The fingerprint of a part of a resource; any change changes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(repr(value).encode()).digest()[:8]).decode()


def check_fingerprint(given: str | None, current: str | None) -> None:
    """Raise ApiError 412 if what the caller read is no longer what is."""
    if given != current:
        raise ApiError(412, "Labels fingerprint either invalid or resource labels have changed", "conditionNotMet")


def _check_fingerprint(body: Json, data: Json) -> None:
    if body.get("fingerprint") and data.get("fingerprint"):
        check_fingerprint(body["fingerprint"], data["fingerprint"])


def users_of(call: Call, path: str) -> list[str]:
    """The paths of what uses a resource of compute."""
    link = COMPUTE + path
    return [
        found.path
        for found in call.state.in_api("compute", call.project)
        if found.path != path and found.asset_type and link in set(_links(found.data or {}))
    ]


def in_use(call: Call, user: str, kind: str = "") -> ApiError:
    """The refusal to delete what is used."""
    kind = kind or call.path.split("/")[-2].removesuffix("s")
    message = f"The {kind} resource '{call.path}' is already being used by '{user}'"
    return ApiError(400, message, "resourceInUseByAnotherResource")


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.startswith(_NO_USE) or name == "source":
                yield from _links(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _links(inner)
    elif isinstance(value, str):
        yield value


def touched(data: Json, call: Call) -> Json:
    """With the time of the change, where the API tells it."""
    return data | {name: stamp(call.now) for name in ("updateTime", "updated") if name in data}
