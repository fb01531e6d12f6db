"""What was changed in a subscription: Resource Graph's own record of changes, else the Activity Log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from escher.contract.estate import GLOBAL, Account
from escher.providers.azure import graph
from escher.providers.azure.calls import ArmCalls
from escher.providers.azure.failures import CALL_FAILURES, Malformed
from escher.providers.azure.listing import OTHER
from escher.providers.azure.records import arm_id
from escher.providers.declarations import ResourceType
from escher.providers.mapping import as_text, find
from escher.providers.source import Changes

DAY_S = 86_400
GRAPH_KEEPS_S = 13 * DAY_S
LOG_KEEPS_S = 89 * DAY_S
LATE_S = 900
"""Changes are recorded some minutes after they were made; so much further back is looked."""

_LOG_PATH = "/subscriptions/{}/providers/Microsoft.Insights/eventtypes/management/values"
NOTHING_KNOWN = Changes(blind=frozenset({GLOBAL}))


async def changes(calls: ArmCalls, account: Account, types: Iterable[ResourceType], since: int, now: float) -> Changes:
    """What was changed between two moments (Unix seconds). Raises CredentialError; what cannot be told is blind."""
    types, age = list(types), now - since
    ways = ((GRAPH_KEEPS_S, _from_graph), (LOG_KEEPS_S, _from_log))
    for keeps_s, way in ways:
        if age < keeps_s - LATE_S:
            try:
                return Changes(touched(await way(calls, account, since - LATE_S), types))
            except CALL_FAILURES:
                continue
    return NOTHING_KNOWN


def touched(ids: Iterable[str], types: Iterable[ResourceType]) -> Mapping[tuple[str, str], frozenset[str]]:
    """The scopes that changed resources belong to. Pure.

    A change of a child is one of its parents, too. Of what neither record tells (types outside the graph) anything may
    have changed; so may what a parent holds within itself.
    """
    names: dict[str, list[str]] = defaultdict(list)
    always: list[str] = []
    for declared in types:
        names[declared.native_type].append(declared.name)
        if not declared.listing.in_inventory:
            always.append(declared.name)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for text in ids:
        changed = arm_id(text)
        for native_type, id_ in _lineage(changed.text, changed.types):
            for name in names.get(native_type) or ([OTHER] if id_ == changed.text else []):
                found[GLOBAL, name].add(id_)
    certain = {key: frozenset(ids) for key, ids in found.items()}
    return certain | {(GLOBAL, name): frozenset[str]() for name in always}


def _lineage(text: str, types: tuple[str, ...]) -> list[tuple[str, str]]:
    """A thing and its parents: each type with its id."""
    parts = text.split("/")
    above = len(types) - 1
    return [
        (native_type, "/".join(parts[: len(parts) - 2 * (above - number)])) for number, native_type in enumerate(types)
    ]


async def _from_graph(calls: ArmCalls, account: Account, since: int) -> list[str]:
    return [
        as_text(row.get("target")) async for rows in graph.rows(calls, account, graph.of_changes(since)) for row in rows
    ]


async def _from_log(calls: ArmCalls, account: Account, since: int) -> list[str]:
    moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    parameters = {
        "api-version": "2015-04-01",
        "$filter": f"eventTimestamp ge '{moment}'",
        "$select": "resourceId,status,operationName",
    }
    ids: list[str] = []
    async for answer in calls.pages(account, "insights", _LOG_PATH.format(account.account_id), parameters):
        events = answer.get("value")
        if not isinstance(events, list):
            raise Malformed("there are no events in the answer")
        ids += [as_text(one) for one in find("value[?status.value != 'Failed'].resourceId", answer) or ()]
    return [one for one in ids if one]
