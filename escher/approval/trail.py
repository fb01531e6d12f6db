"""What approvals write to the audit trail, and the latest time that they have seen."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from escher.approval.clock import latest
from escher.contract.audit import AuditEvent, AuditType
from escher.errors import EscherError, StoreError
from escher.ledger.ledger import Ledger
from escher.store.transaction import Transaction
from escher.store.vault import Store


@dataclass(frozen=True, slots=True)
class Trail:
    """The audit trail of one store, by one clock."""

    store: Store
    ledger: Ledger
    clock: Callable[[], datetime]

    def record(
        self, within: Transaction, type_: AuditType, subject: str, actor: str, details: Mapping[str, Any]
    ) -> int:
        """Write one event in a transaction; its entry number."""
        at = self.clock().isoformat()
        event = AuditEvent(type=type_, at=at, actor=actor, subject=subject, details=dict(details))
        return self.ledger.append(event, within=within)

    @contextmanager
    def refusals(self, subject: str, actor: str, **details: str) -> Generator[None]:
        """Write down every refusal of the block, then let it rise; not one of the store, which could not be written."""
        try:
            yield
        except StoreError:
            raise
        except EscherError as refusal:
            with self.store.transaction() as within:
                latest(within, self.clock())
                self.record(within, "approval_refused", subject, actor, {"code": refusal.code, **details})
            raise
