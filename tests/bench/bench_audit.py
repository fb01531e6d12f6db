"""How fast a long audit trail is verified, beside reading and hashing the same lines in plain Python, in the same run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from escher.contract.audit import AuditEvent
from escher.ledger.ledger import Ledger
from escher.ledger.reading import verify_file
from escher.settings import Settings
from escher.store.vault import Store

ENTRIES = 100_000
Measurement = tuple[str, float, str, float | None]


def benchmarks() -> Iterator[Measurement]:
    """Name, value, unit and baseline of each measurement."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secret = folder / "passphrase"
        secret.touch(mode=0o600)
        secret.write_text("a passphrase for the benchmark\n")
        with Store.create(Settings(home=folder / "home", passphrase_file=secret)) as store:
            ledger = Ledger(store)
            _fill(store, ledger)
            lines = list(ledger.export())
            baseline = _seconds(lambda: [(json.loads(line), sha256(line.encode())) for line in lines])
            yield "audit.verify_100k", _seconds(ledger.verify), "s", baseline
            (folder / "trail").write_text("".join(f"{line}\n" for line in lines))
            yield "audit.verify_file_100k", _seconds(lambda: verify_file(folder / "trail")), "s", baseline


def _fill(store: Store, ledger: Ledger) -> None:
    event = AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject="run-1", details={"n": 1})
    with store.transaction() as within:
        for _ in range(ENTRIES):
            ledger.append(event, within=within)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
