"""How risky a plan is at least, whatever its author says; the same on both sides of the wire. Pure (spec/agents.md 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from escher.contract.plan import Operation
from escher.contract.playbook import Author
from escher.contract.reach import backs_up, changes_rights, opens_access, takes_away
from escher.contract.vocabulary import Kind, Risk

RISKS: tuple[Risk, ...] = ("low", "medium", "high", "critical")
MANY_TARGETS = 5
PROTECTED: tuple[str, ...] = ("prod", "dr")
"""Environments in which everything is one level riskier."""
HOLDING_DATA: frozenset[Kind] = frozenset({
    "database_instance", "disk", "object_storage", "nosql_table", "file_system", "data_warehouse", "search_domain",
})  # fmt: skip


def raised(risk: Risk, levels: int = 1) -> Risk:
    """The risk so many levels up; `critical` is the top."""
    return RISKS[min(RISKS.index(risk) + levels, len(RISKS) - 1)]


def at_least(*risks: Risk) -> Risk:
    """The highest of them; `low` when there are none."""
    return RISKS[max(map(RISKS.index, risks), default=0)]


def floor_of(operations: Iterable[Operation], author: Author = "escher_library") -> Risk:
    """The least risk of calls like these: high for what deletes, opens something or moves rights; medium if generated."""
    if any(_is_grave(one) for one in operations):
        return "high"
    return "medium" if author == "ai_generated" else "low"


def _is_grave(one: Operation) -> bool:
    return one.effect in ("destroy", "unknown", "secret") or opens_access(one) or changes_rights(one)


def lacks_backup(operations: Sequence[Operation], kinds: Iterable[Kind]) -> bool:
    """Whether data is taken away or put to rest by calls before which nothing is copied."""
    first = next((number for number, one in enumerate(operations) if takes_away(one)), None)
    if first is None or any(backs_up(one) for one in operations[:first]):
        return False
    kinds = frozenset(kinds)
    lost = any(one.effect == "destroy" for one in operations)
    return bool(kinds & HOLDING_DATA) or (lost and "compute_instance" in kinds)
