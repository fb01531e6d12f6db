"""What can be done with a resource follows from its state, its ties and what its user may; never from hope."""

from __future__ import annotations

from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.inventory.constraints import constrained
from escher.inventory.permitting import Asked, is_due, permitted
from escher.providers.registry import resource_types
from tests.inventory.resources import NOW, resource

STOP, START = (resource_types()["aws_ec2_instance"].acts[action] for action in ("stop", "start"))


def may(*actions: str, denied: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a scan found out."""
    return {"allowed_actions": list(actions), "denied_actions": list(denied), "checked_at": NOW}


@pytest.mark.parametrize(
    ("one", "can_stop", "can_start"),
    [
        (resource("i-1", iam=may(*STOP, *START)), True, False),
        (resource("i-1", state="stopped", iam=may(*STOP, *START)), False, True),
        (resource("i-1", iam=may(*START, denied=STOP)), False, False),
        (resource("i-1"), None, False),
        (resource("i-1", state="stopped"), False, None),
    ],
)
def test_state_and_permission_decide(one: Resource, can_stop: bool | None, can_start: bool | None) -> None:
    """Only what runs can be stopped; what nobody could find out is neither yes nor no."""
    (found,) = constrained([one])
    assert (found.constraints["can_stop"], found.constraints["can_start"]) == (can_stop, can_start)


def test_what_others_hang_on_cannot_be_deleted() -> None:
    """A volume that is attached makes its instance have dependencies; the volume itself has none."""
    volume = resource("vol-1", "aws_ebs_volume", relations={"attached_to": ["aws_ec2_instance/i-1"]})
    instance, disk = constrained([resource("i-1"), volume])
    assert (instance.constraints["has_dependencies"], instance.constraints["can_delete"]) == (True, False)
    assert disk.constraints["has_dependencies"] is False


def test_a_snapshot_is_a_backup() -> None:
    """So are automatic backups, of which the mapping tells."""
    copy = resource("snap-1", "aws_ebs_snapshot", relations={"copy_of": ["aws_ebs_volume/vol-1"]})
    kept, bare, automatic, _ = constrained(
        [
            resource("vol-1", "aws_ebs_volume"),
            resource("vol-2", "aws_ebs_volume"),
            resource("db", "aws_rds_db_instance", constraints={"automatic_backups": True}),
            copy,
        ]
    )
    assert [one.constraints["has_backups"] for one in (kept, bare, automatic)] == [True, False, True]


def test_what_a_provider_did_not_say_is_unknown() -> None:
    """Not in the answer: neither allowed nor denied; and it is asked again after a quarter of an hour."""
    one = resource("i-1")
    verdicts = {one.resource_id: {STOP[0]: True, START[0]: False}}
    (found,) = permitted([one], Asked(NOW, verdicts), ())
    assert (found.iam["allowed_actions"], found.iam["denied_actions"]) == ([STOP[0]], [START[0]])
    assert "ec2:TerminateInstances" in found.iam["unknown_actions"]
    assert not is_due(found, NOW + 600)
    assert is_due(found, NOW + 1_000)


def test_a_second_look_at_the_same_writes_nothing() -> None:
    """What is known already is not stored again."""
    one = resource("i-1")
    found = permitted([one], Asked(NOW), ())
    assert permitted(found, Asked(NOW + 60), ()) == []
