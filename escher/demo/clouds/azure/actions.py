"""Actions on resources, as data: what each sets, what it takes, and when it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from escher.demo.clouds.azure.exchange import ArmError, Json
from escher.demo.clouds.azure.state import Record


@dataclass(frozen=True, slots=True)
class Action:
    """An action on a type. While it goes on a machine's power is `on_the_way`; then it is `power`.

    `sets` are values at dotted paths. When `unless` already holds there, the action is refused with `refusal`.
    `now` answers at once with 200.
    """

    power: str = ""
    on_the_way: str = ""
    sets: dict[str, object] = field(default_factory=dict)
    unless: tuple[str, object] | None = None
    refusal: tuple[int, str] = (409, "OperationNotAllowed")
    now: bool = False


_POWERS = {
    "start": Action("running", "starting"),
    "poweroff": Action("stopped", "stopping"),
    "deallocate": Action("deallocated", "deallocating"),
    "restart": Action("running", ""),
    "redeploy": Action("running", ""),
    "reapply": Action(),
    "generalize": Action(sets={"properties.osProfile.generalized": True}, now=True),
}
_STATE, _SITE_STATE, _POWER = "properties.state", "properties.state", "properties.powerState.code"
_SERVER = {
    "start": Action(sets={_STATE: "Ready"}, unless=(_STATE, "Ready"), refusal=(400, "ServerIsNotStopped")),
    "stop": Action(sets={_STATE: "Stopped"}, unless=(_STATE, "Stopped"), refusal=(400, "ServerIsNotReady")),
    "restart": Action(unless=(_STATE, "Stopped"), refusal=(400, "ServerIsNotReady")),
}
_SITE = {
    "start": Action(sets={_SITE_STATE: "Running", "properties.enabled": True}, now=True),
    "stop": Action(sets={_SITE_STATE: "Stopped", "properties.enabled": False}, now=True),
    "restart": Action(now=True),
}
ACTIONS: dict[str, dict[str, Action]] = {
    "microsoft.compute/virtualmachines": _POWERS,
    "microsoft.compute/virtualmachinescalesets": _POWERS,
    "microsoft.web/sites": _SITE,
    "microsoft.web/sites/slots": _SITE,
    "microsoft.containerservice/managedclusters": {
        "start": Action(sets={_POWER: "Running"}, unless=(_POWER, "Running")),
        "stop": Action(sets={_POWER: "Stopped"}, unless=(_POWER, "Stopped")),
    },
    "microsoft.dbforpostgresql/flexibleservers": _SERVER,
    "microsoft.dbformysql/flexibleservers": _SERVER,
    "microsoft.containerinstance/containergroups": {
        "start": Action(sets={"properties.instanceView.state": "Running"}),
        "stop": Action(sets={"properties.instanceView.state": "Stopped"}, now=True),
        "restart": Action(sets={"properties.instanceView.state": "Running"}),
    },
    "microsoft.network/applicationgateways": {
        "start": Action(sets={"properties.operationalState": "Running"}),
        "stop": Action(sets={"properties.operationalState": "Stopped"}),
    },
    "microsoft.sql/servers/databases": {
        "pause": Action(sets={"properties.status": "Paused"}, unless=("properties.status", "Paused")),
        "resume": Action(sets={"properties.status": "Online"}, unless=("properties.status", "Online")),
    },
    "microsoft.logic/workflows": {
        "enable": Action(sets={_STATE: "Enabled"}, now=True),
        "disable": Action(sets={_STATE: "Disabled"}, now=True),
    },
}


def action_on(record: Record, name: str) -> Action:
    """The action of this name on the type of the record. Raises ArmError when there is none, or not in this state."""
    action = ACTIONS.get(record.type, {}).get(name.lower())
    if action is None:
        raise ArmError(404, "NotFound", f"The action '{name}' is not supported on '{record.body['type']}'.")
    if action.unless and read(record.body, action.unless[0]) == action.unless[1]:
        status, code = action.refusal
        raise ArmError(
            status, code, f"Operation '{name}' is not allowed on '{record.body['name']}': it is {action.unless[1]}."
        )
    return action


def begin(record: Record, action: Action) -> None:
    """Show that the action is on its way."""
    if record.power and action.on_the_way:
        record.power = action.on_the_way


def complete(record: Record, action: Action) -> None:
    """Make what the action is for true."""
    if record.power and action.power:
        record.power = action.power
    for path, value in action.sets.items():
        write(record.body, path, value)


def read(body: Json, path: str) -> object:
    """The value at a dotted path, or None."""
    value: object = body
    for word in path.split("."):
        value = value.get(word) if isinstance(value, dict) else None
    return value


def write(body: Json, path: str, value: object) -> None:
    """Set the value at a dotted path."""
    *way, last = path.split(".")
    for word in way:
        body = body.setdefault(word, {})
    body[last] = value
