"""What the declarations of Azure's types have in common, so that each says only what is its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escher.contract.vocabulary import ChangeAction, Kind
from escher.providers.azure.failures import GONE
from escher.providers.azure.states import PROVISIONING
from escher.providers.declarations import Bool, DetailCall, FieldSpec, ListCall, Relation, ResourceType, StateRule

IN_GROUP = "qualifiedName"
"""The identifier of what is unique within its resource group only: `group/name`, and `group/parent/name` of a child."""

UNIQUE = "fullName"
"""The identifier of what has a name that nobody else in Azure has: `name`, and `parent/name` of a child."""

PUBLIC = Bool("properties.publicNetworkAccess && contains(['Enabled', 'enabled'], properties.publicNetworkAccess)")
"""Whether a service answers the internet, which its rules and keys may still restrict; unknown where it does not say."""

IDENTITIES = Relation("uses", "identity.userAssignedIdentities && keys(identity.userAssignedIdentities)")
"""The managed identities that a thing acts as."""


def arm_type(
    name: str,
    kind: Kind,
    arm: str,
    version: str,
    fields: Mapping[str, FieldSpec],
    *,
    identifier: str = IN_GROUP,
    listing: ListCall | None = None,
    state: StateRule = PROVISIONING,
    zone: str = "",
    only: str = "",
    details: tuple[DetailCall, ...] = (),
    relations: tuple[Relation, ...] = (),
    acts: Mapping[ChangeAction, str] | None = None,
    backups: str = "",
    extras: tuple[str, ...] = (),
) -> ResourceType:
    """A type of the Resource Manager: `arm` is its name there, `version` that of the API.

    The list call is that of a whole subscription, where none is given. `acts` are the last parts of the permissions
    (`start/action`); what deletes, updates and tags a thing is added, as it is the same for every type.
    """
    return ResourceType(
        name=name,
        kind=kind,
        provider="azure",
        service=arm.partition("/")[0].lower().removeprefix("microsoft."),
        native_type=arm.lower(),
        reach="global",
        home="location",
        listing=listing or listed(arm, version),
        identifier=identifier,
        resource_id="id",
        label="name",
        zone=zone,
        tags="tags",
        only=only,
        state=state,
        details=details,
        gone=tuple(sorted(GONE)),
        relations=relations,
        fields={"resource_group": "resourceGroup", **fields},
        acts=_acts(arm, acts or {}),
        backups=backups,
        extras=extras,
    )


def listed(arm: str, version: str) -> ListCall:
    """The list of a type in a whole subscription."""
    return ListCall(
        f"/subscriptions/{{account_id}}/providers/{arm}",
        "value",
        permission=f"{arm}/read",
        parameters=api(version),
    )


def listed_below(parent: ListCall, path: str, arm: str, version: str, *, in_inventory: bool = True) -> ListCall:
    """The list of a type that only its parents have, at a path below each of them."""
    return ListCall(
        f"{{id}}/{path}",
        "value",
        permission=f"{arm}/read",
        parameters=api(version),
        per=parent,
        arguments={"id": "id"},
        in_inventory=in_inventory,
    )


def detail(path: str, permission: str, version: str, into: str, *, result: str = "@", when: str = "") -> DetailCall:
    """A call below a thing's own id; with `when`, only for records of which that holds."""
    return DetailCall(
        f"{{id}}/{path}",
        {"id": f"({when}) && id" if when else "id"},
        into=into,
        permission=permission,
        result=result,
        parameters=api(version),
    )


def api(version: str) -> dict[str, Any]:
    """The version of an API as a parameter."""
    return {"api-version": version}


def _acts(arm: str, own: Mapping[ChangeAction, str]) -> dict[ChangeAction, tuple[str, ...]]:
    write = (f"{arm}/write",)
    found: dict[ChangeAction, tuple[str, ...]] = {
        "delete": (f"{arm}/delete",),
        "update": write,
        "tag": write,
        "untag": write,
    }
    for act, last in own.items():
        found[act] = (last if "." in last else f"{arm}/{last}",)
    return found
