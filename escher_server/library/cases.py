"""What a playbook promises, as data: an estate, which of it the playbook takes, and the state after it ran.

Cases are never sent; a test runs each of them on a demo cloud, in both languages (playbooks.md section 12).
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from escher.contract.wire import Wire


class Thing(Wire):
    """One resource of a case. `facts` are what its type is made with and observed by, such as `state` or `encrypted`."""

    name: str
    resource_type: str
    facts: dict[str, Any] = {}
    tags: dict[str, str] = {}


class Case(Wire):
    """One estate, and what becomes of it.

    `expected` and `restored` hold, by name, the facts that must be observed after the run and after its undo; a thing
    that must be gone is expected as None. `restored` is empty when the playbook cannot be undone.
    """

    title: str
    estate: tuple[Thing, ...] = Field(min_length=1)
    parameters: dict[str, str | int | bool] = {}
    targets: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    expected: dict[str, dict[str, Any] | None]
    restored: dict[str, dict[str, Any]] = {}


class Cases(Wire):
    """The file `cases.json`."""

    cases: tuple[Case, ...] = Field(min_length=1)
