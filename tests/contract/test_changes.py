"""What changed of a resource, field by field."""

from __future__ import annotations

from dataclasses import replace

from escher.contract.changes import FieldChange, compared
from tests.inventory.resources import resource

BEFORE = resource("i-1", tags={"env": "dev", "team": "a"}, attributes={"instance_type": "t3.small"}, last_synced=1)


def test_what_is_the_same_is_no_change() -> None:
    """That it was seen again, and what we worked out about it, says nothing of the thing itself."""
    assert compared(BEFORE, replace(BEFORE, last_synced=2, iam={"x": 1}, constraints={"y": 1}, fingerprint="z")) is None


def test_each_field_tells_before_and_after() -> None:
    """Tags and attributes one by one; None where there was nothing."""
    after = replace(BEFORE, state="stopped", tags={"env": "prod", "new": "1"}, attributes={"instance_type": "t3.large"})
    change = compared(BEFORE, after)
    assert change is not None
    assert (change.what, set(change.fields)) == ("changed", {
        FieldChange("state", "running", "stopped"),
        FieldChange("tags.env", "dev", "prod"),
        FieldChange("tags.team", "a", None),
        FieldChange("tags.new", None, "1"),
        FieldChange("attributes.instance_type", "t3.small", "t3.large"),
    })  # fmt: skip


def test_what_moves_by_mere_use_is_no_change() -> None:
    """When a role was last used; what else is another beside it is told; a tag of that name is nobody else's."""
    before = replace(
        BEFORE, attributes=BEFORE.attributes | {"last_used_at": 1}, tags=BEFORE.tags | {"last_used_at": "a"}
    )
    used = replace(before, attributes=before.attributes | {"last_used_at": 2})
    assert compared(before, used, {"last_used_at"}) is None
    change = compared(before, replace(used, tags=used.tags | {"last_used_at": "b"}), {"last_used_at"})
    assert change is not None
    assert change.fields == (FieldChange("tags.last_used_at", "a", "b"),)


def test_what_appears_and_vanishes_is_named() -> None:
    """With whose it is."""
    appeared, vanished = compared(None, BEFORE), compared(BEFORE, None)
    assert appeared is not None
    assert vanished is not None
    assert (appeared.what, vanished.what, vanished.resource_id) == ("appeared", "vanished", BEFORE.resource_id)
    assert compared(None, None) is None
