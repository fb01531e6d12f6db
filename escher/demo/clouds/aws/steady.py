"""Keeps what moto would find out anew at every call: when a work group was made, and which services it has.

Each scan would find all work groups changed; and every call would look at each of moto's folders, for a millisecond or two.
"""

from __future__ import annotations

import time
from typing import Any

from moto import backends
from moto.athena.models import AthenaBackend


def keep_services() -> None:
    """Let moto look once which services it has, from now on, in this process."""
    known = frozenset(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: known


def keep_creation_times() -> None:
    """Let work groups of Athena tell the moment at which they were asked for first, from now on."""
    list_, get = AthenaBackend.list_work_groups, AthenaBackend.get_work_group
    made: dict[tuple[str, str, str], float] = {}

    def kept(backend: AthenaBackend, group: dict[str, Any]) -> dict[str, Any]:
        key = (backend.account_id, backend.region_name, group["Name"])
        return group | {"CreationTime": made.setdefault(key, time.time())}

    def list_work_groups(self: AthenaBackend) -> list[dict[str, Any]]:
        return [kept(self, group) for group in list_(self)]

    def get_work_group(self: AthenaBackend, name: str) -> dict[str, Any] | None:
        group = get(self, name)
        return kept(self, group) if group else None

    AthenaBackend.list_work_groups = list_work_groups
    AthenaBackend.get_work_group = get_work_group
