"""Cloud Control over what moto holds: ListResources and GetResource for the types of `control_types`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jmespath

from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call
from escher.demo.clouds.aws.control_types import CONTROL_TYPES, UNLISTED, ControlType, Detail
from escher.demo.clouds.aws.inner import InnerClients, Place, at

_PAGE = 50


class CloudControl:
    """Asks moto through clients of its own, in the caller's account and region."""

    def __init__(self, clients: InnerClients) -> None:
        self._clients = clients

    def list_resources(self, call: Call) -> dict[str, Any]:
        """The answer to ListResources, a page at a time. Raises Refused."""
        asked = call.parameters
        declared = _declared(asked["TypeName"])
        with at(_place(call)):
            found = [_description(declared, one) for one in self._listed(declared)]
        start = int(asked.get("NextToken") or 0)
        end = start + min(int(asked.get("MaxResults") or _PAGE), 100)
        page = {"TypeName": asked["TypeName"], "ResourceDescriptions": found[start:end]}
        return page | ({"NextToken": str(end)} if end < len(found) else {})

    def get_resource(self, call: Call) -> dict[str, Any]:
        """The answer to GetResource, with all that is known of it. Raises Refused."""
        asked = call.parameters
        declared, wanted = _declared(asked["TypeName"]), asked["Identifier"]
        with at(_place(call)):
            found = next((one for one in self._listed(declared) if one[declared.identifier] == wanted), None)
            if found is None:
                message = f"Resource of type '{asked['TypeName']}' with identifier '{wanted}' was not found."
                raise Refused("ResourceNotFoundException", message, 404)
            whole = found | self._detail(declared, found)
            whole |= self._tags(declared, whole)
        return {"TypeName": asked["TypeName"], "ResourceDescription": _description(declared, whole)}

    def _listed(self, declared: ControlType) -> Iterator[dict[str, Any]]:
        """The properties of every resource, with the identifier among them."""
        client = self._clients.client(declared.service)
        if client.can_paginate(declared.operation):
            answer = client.get_paginator(declared.operation).paginate(**declared.constant).build_full_result()
        else:
            answer = getattr(client, declared.operation)(**declared.constant)
        for properties in jmespath.search(declared.items, answer) or []:
            named = declared.identifier in properties
            whole = properties if named else properties | self._detail(declared, properties)
            yield {key: value for key, value in whole.items() if value is not None}

    def _detail(self, declared: ControlType, properties: dict[str, Any]) -> dict[str, Any]:
        found = self._asked(declared, declared.detail, properties) if declared.detail else {}
        return {key: value for key, value in found.items() if value is not None}

    def _tags(self, declared: ControlType, properties: dict[str, Any]) -> dict[str, Any]:
        """The tags, if there are any, as CloudFormation has them."""
        found: Any = properties.get("Tags")
        if declared.tags:
            found = self._asked(declared, declared.tags, properties)
        elif declared.arn and not found:
            arns = [properties[declared.arn]]
            answer = self._clients.client("resourcegroupstaggingapi").get_resources(ResourceARNList=arns)
            found = jmespath.search("ResourceTagMappingList[].Tags[]", answer)
        if isinstance(found, dict):
            found = [{"Key": key, "Value": value} for key, value in found.items()]
        return {"Tags": found} if found else {}

    def _asked(self, declared: ControlType, more: Detail, properties: dict[str, Any]) -> Any:
        """What one more call tells of a resource; before its identifier is known it goes by its only property."""
        known = properties.get(more.of or declared.identifier) or next(iter(properties.values()))
        parameters = {more.parameter: [known] if more.many else known, **more.constant}
        return jmespath.search(
            more.properties, getattr(self._clients.client(declared.service), more.operation)(**parameters)
        )


def _place(call: Call) -> Place:
    return Place(call.account_id, call.region, call.request.host)


def _declared(name: str) -> ControlType:
    """The type of this name. Raises Refused."""
    if name in UNLISTED:
        raise Refused("UnsupportedActionException", f"Resource type {name} does not support LIST action", 405)
    if name not in CONTROL_TYPES:
        raise Refused("TypeNotFoundException", f"The type '{name}' cannot be found.", 404)
    return CONTROL_TYPES[name]


def _description(declared: ControlType, properties: dict[str, Any]) -> dict[str, str]:
    return {"Identifier": properties[declared.identifier], "Properties": json.dumps(properties, default=str)}
