"""Roles become verdicts, by Azure's rules."""

from __future__ import annotations

import pytest

from escher.providers.azure.allowed import Rights, scope_of
from escher.providers.azure.failures import Malformed
from escher.providers.azure.permissions import Grant, allows, grants_of, reads_all

START = "Microsoft.Compute/virtualMachines/start/action"
GROUP = "/subscriptions/s/resourcegroups/shop"
VM = f"{GROUP}/providers/microsoft.compute/virtualmachines/web"
CONTRIBUTOR = Grant(("*",), ("Microsoft.Authorization/*/Write",))
OPERATOR = Grant(("Microsoft.Compute/virtualMachines/*/action",), ("*/deallocate/action",))


@pytest.mark.parametrize(
    ("grant", "action", "allowed"),
    [
        (CONTRIBUTOR, START, True),
        (CONTRIBUTOR, "Microsoft.Authorization/roleAssignments/write", False),
        (CONTRIBUTOR, "microsoft.authorization/roleassignments/WRITE", False),
        (OPERATOR, START.upper(), True),
        (OPERATOR, "Microsoft.Compute/virtualMachines/deallocate/action", False),
        (OPERATOR, "Microsoft.Compute/virtualMachines/write", False),
        (Grant(("Microsoft.Compute/*/read",)), "Microsoft.Compute/disks/read", True),
        (Grant(("Microsoft.Compute/*/read",)), "MicrosoftXCompute/disks/read", False),
        (Grant(("*/read",)), "Microsoft.Compute/virtualMachines/instanceView/read", True),
        (Grant(()), "Microsoft.Compute/disks/read", False),
    ],
)
def test_stars_and_exceptions(grant: Grant, action: str, allowed: bool) -> None:
    """A star stands for any text, notActions take away, and case is nothing."""
    assert grant.allows(action) is allowed


def test_one_role_gives_what_another_takes_out() -> None:
    """What a role leaves out is no denial: it only limits that role."""
    assert allows((CONTRIBUTOR, Grant(("Microsoft.Authorization/*",))), "Microsoft.Authorization/roleAssignments/write")


def test_only_a_role_without_exceptions_reads_all() -> None:
    """A type that nobody declares is seen whole by who may read every type."""
    assert reads_all((OPERATOR, Grant(("*/read",))))
    assert reads_all((CONTRIBUTOR,))
    assert not reads_all((Grant(("Microsoft.Compute/*/read",)),))
    assert not reads_all((Grant(("*",), ("Microsoft.Vault/*",)),))


def test_a_permission_without_actions_is_malformed() -> None:
    """What cannot be read gives nothing."""
    assert grants_of([{"actions": ["*"], "notActions": None}]) == (Grant(("*",)),)
    for wrong in (None, {}, [{}], ["*"], [{"actions": None}]):
        with pytest.raises(Malformed):
            grants_of(wrong)


def test_a_role_on_one_resource_counts() -> None:
    """What the group's roles leave out, one of the resource's own may give."""
    rights = Rights({GROUP: (Grant(("*/read",)),)}, {VM: (OPERATOR,)})
    assert rights.verdict(VM, START) is True
    assert rights.verdict(f"{VM}2", START) is False
    assert rights.verdict(f"{VM}/extensions/agent", START) is True


def test_what_cannot_be_read_is_unknown_and_never_allowed() -> None:
    """Without the roles of single resources nothing is denied; without the group's, nothing is either."""
    assert Rights({GROUP: (Grant(("*/read",)),)}, None).verdict(VM, START) is None
    assert Rights({GROUP: (CONTRIBUTOR,)}, None).verdict(VM, START) is True
    assert Rights({}, {}).verdict(VM, START) is None
    assert Rights({}, {VM: (OPERATOR,)}).verdict(VM, START) is True


def test_a_resource_is_asked_for_by_its_group() -> None:
    """So that a thousand machines of a group are one call."""
    assert scope_of(VM) == GROUP
    assert scope_of("/subscriptions/S/providers/Microsoft.Authorization/roleAssignments/x") == "/subscriptions/s"
