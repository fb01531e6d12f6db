"""The activity log: what was written since the start, newest first."""

from __future__ import annotations

import re
from datetime import datetime

from escher.demo.clouds.azure.address import address
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json
from escher.demo.clouds.azure.paging import paged
from escher.demo.clouds.azure.state import Event
from escher.demo.clouds.azure.subscriptions import CALLER, PRINCIPAL_ID, TENANT_ID, guid

_CLAUSE = re.compile(r"(\w+)\s+(eq|ge|le|gt|lt)\s+'?([^'\s]+)'?", re.IGNORECASE)


def activity_log(cloud: Cloud, call: Call) -> Answer:
    """The events of a subscription that meet `$filter`, which must say since when. Raises ArmError."""
    where = address(call.path)
    cloud.check_scope(address(f"/subscriptions/{where.subscription}"))
    cloud.demand("Microsoft.Insights/eventtypes/values/read", f"/subscriptions/{where.subscription}")
    clauses: list[tuple[str, str, str]] = _CLAUSE.findall(call.query.get("$filter", ""))
    if not any(word.lower() == "eventtimestamp" and op.lower() in ("ge", "gt") for word, op, _ in clauses):
        raise ArmError(400, "BadRequest", "The $filter must have a clause on eventTimestamp with the operator ge.")
    mine = f"/subscriptions/{where.subscription}/".lower()
    found = [one for one in reversed(cloud.state.events) if f"{one.resource_id}/".lower().startswith(mine)]
    return paged(
        call, [event_body(one) for one in found if all(_meets(one, clause) for clause in clauses)], cloud.page_size
    )


def event_body(one: Event) -> Json:
    """An event as the log gives it."""
    where = address(one.resource_id)
    kind = where.type if where.pairs else "Microsoft.Resources/subscriptions/resourceGroups"
    subscription = f"/subscriptions/{where.subscription}"
    name = guid("event", one.correlation)
    return {
        "id": f"{one.resource_id}/events/{name}/ticks/0",
        "eventDataId": name,
        "correlationId": one.correlation,
        "operationId": one.correlation,
        "eventTimestamp": one.at,
        "submissionTimestamp": one.at,
        "caller": CALLER,
        "channels": "Operation",
        "level": "Informational",
        "category": _named("Administrative"),
        "eventName": _named("EndRequest", "End request"),
        "operationName": _named(one.action),
        "status": _named("Succeeded"),
        "subStatus": _named("OK"),
        "resourceId": one.resource_id,
        "resourceGroupName": where.group,
        "resourceProviderName": _named(kind.partition("/")[0]),
        "resourceType": _named(kind),
        "subscriptionId": where.subscription,
        "tenantId": TENANT_ID,
        "authorization": {"action": one.action, "scope": one.resource_id},
        "claims": {"http://schemas.microsoft.com/identity/claims/objectidentifier": PRINCIPAL_ID},
        "httpRequest": {"method": one.method, "clientRequestId": one.correlation, "uri": subscription},
        "properties": {"entity": one.resource_id, "hierarchy": where.subscription},
    }


def _named(value: str, shown: str = "") -> Json:
    return {"value": value, "localizedValue": shown or value}


def _meets(one: Event, clause: tuple[str, str, str]) -> bool:
    word, operator, value = clause[0].lower(), clause[1].lower(), clause[2]
    if word == "eventtimestamp":
        at, limit = _moment(one.at), _moment(value)
        return {"ge": at >= limit, "gt": at > limit, "le": at <= limit, "lt": at < limit}.get(operator, at == limit)
    where = address(one.resource_id)
    facts = {
        "resourcegroupname": where.group,
        "resourceuri": one.resource_id,
        "resourceid": one.resource_id,
        "resourceprovider": where.namespace,
        "resourcetype": where.type,
        "correlationid": one.correlation,
        "caller": CALLER,
        "status": "Succeeded",
    }
    return facts.get(word, value).lower() == value.lower()


def _moment(text: str) -> datetime:
    """A moment from ISO 8601 with any number of digits; one without a zone is in UTC. Raises ArmError."""
    plain = re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00"))
    try:
        found = datetime.fromisoformat(plain)
    except ValueError as cause:
        raise ArmError(400, "BadRequest", f"'{text}' is not a date and time.") from cause
    return found if found.tzinfo else datetime.fromisoformat(f"{plain}+00:00")
